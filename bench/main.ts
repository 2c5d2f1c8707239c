// `npm run bench`: what reading and delivering cost, side by side in one run. How to read it: bench/README.md.
import { describeError } from '../src/foundation/logferry-error.ts';
import { type BenchOptions, readOptions, USAGE } from './options.ts';
import { describeMachine } from './report/machine.ts';
import { renderReport } from './report/render.ts';
import { summarise } from './report/summary.ts';
import { targetsOf } from './report/targets.ts';
import { writeResults } from './report/write-results.ts';
import { runAll } from './run/run-all.ts';
import { SCENARIOS, scenarioNamed } from './scenarios/scenarios.ts';
import type { Scenario } from './worker/scenario.ts';

const interrupted = new AbortController();
// The first asks the children to end and the folders to go; a second one ends at once.
process.once('SIGINT', () => interrupted.abort(new Error('Interrupted.')));
process.once('SIGTERM', () => interrupted.abort(new Error('Interrupted.')));

const tell = (text: string) => process.stderr.write(`${text}\n`);

async function bench(options: BenchOptions, scenarios: readonly Scenario[]): Promise<void> {
  const machine = describeMachine(options.dir);
  for (const warning of machine.warnings) tell(`warning ${warning}`);
  const { runs, live, facts, missing } = await runAll(scenarios, options, tell, interrupted.signal);
  const summary = summarise(scenarios, runs);
  const targets = targetsOf(summary, live);
  const report = renderReport({ machine, options, facts, summary, missing, live, targets });
  process.stdout.write(`\n${report}`);
  if (!options.keepResults) return;
  const { records, runs: times } = options;
  writeResults(report, { machine, records, runs: times, facts, targets, summary, missing, live, all: runs });
  tell('Written to bench/results/latest.md and latest.json.');
}

function fail(thrown: unknown, usage: string): void {
  tell(interrupted.signal.aborted ? 'Interrupted.' : `${describeError(thrown)}${usage}`);
  process.exitCode = interrupted.signal.aborted ? 130 : 1;
}

try {
  const options = readOptions(process.argv.slice(2));
  const scenarios = options.only.length === 0 ? SCENARIOS : options.only.map(scenarioNamed);
  bench(options, scenarios).catch((thrown: unknown) => fail(thrown, ''));
} catch (thrown) {
  fail(thrown, `\n\n${USAGE}`);
}
