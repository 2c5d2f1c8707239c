// `npm run interop`: Logferry against a server of others (moto), and others (boto3, the AWS command line) against the
// demo's endpoint. Where there is no Python it says so and ends well; --strict makes that a failure.
import { findPython } from './find-python.ts';
import { othersAgainstOurs } from './others-against-ours.ts';
import { oursAgainstMoto } from './ours-against-moto.ts';

const found = findPython();
if ('missing' in found) {
  console.log(`interop: skipped, ${found.missing}.`);
  process.exit(process.argv.includes('--strict') ? 1 : 0);
}
let failures = 0;
for (const [title, work] of [
  ['Logferry against moto', oursAgainstMoto],
  ["boto3 and the AWS command line against the demo's endpoint", othersAgainstOurs],
] as const) {
  console.log(`\n${title}`);
  try {
    await work(found, (what) => console.log(`  ✓ ${what}`));
  } catch (thrown) {
    failures++;
    console.log(`  ✗ ${thrown instanceof Error ? thrown.message : String(thrown)}`);
  }
}
process.exit(failures === 0 ? 0 : 1);
