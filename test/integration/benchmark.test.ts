/** `npm run bench` at its smallest: what it measures is not looked at, but that it runs, counts everything and says so. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const MAIN = fileURLToPath(new URL('../../bench/main.ts', import.meta.url));

test('the benchmark reads a backlog, simulates a backfill, and tells what is asked beside what was seen', async () => {
  const args = [MAIN, '--quick', '--records', '1000', '--only', 'datakit', '--only', 'backfill-budget'];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  expect(stdout).toMatch(/\| Backfill in simulated time: .* \| 90 % and more \| \d+ %/);
  expect(stdout).toMatch(/\| datakit +\| +[\d,]+ \|/);
}, 180_000);
