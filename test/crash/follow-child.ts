/**
 * The child of random-kill.test.ts: the whole of Logferry on a configuration, as `logferry up` runs it. Mode `follow`: says
 * `read` when the first records are in the spool, and reads and delivers until it is killed. Mode `finish`: reads up to the present, delivers everything, and ends.
 */
import { writeSync } from 'node:fs';
import type { ComponentDeps } from '../../src/app/build-components.ts';
import { Engine } from '../../src/app/engine.ts';
import { loadProductConfig } from '../../src/app/load-product-config.ts';
import { noMetrics } from '../../src/contracts/metrics.ts';
import { systemClock } from '../../src/foundation/clock.ts';
import { silentLogger } from '../../src/foundation/logger.ts';
import { systemRandom } from '../../src/foundation/random.ts';
import { noCounts } from '../../src/pipeline/slice-reader.ts';

const PATIENCE_MILLIS = 120_000;

const [configPath = '', mode = ''] = process.argv.slice(2);
const deps: ComponentDeps = {
  clock: systemClock,
  random: systemRandom,
  logger: silentLogger,
  metrics: { ...noMetrics, count: (name) => name === 'logferry_committed_records_total' && sayOnce('read') },
  env: process.env,
};
const said = new Set<string>();
function sayOnce(word: string): void {
  if (!said.has(word)) writeSync(1, `${word}\n`);
  said.add(word);
}

const engine = await Engine.open(await loadProductConfig(configPath, process.env), deps, 'follow-child');
if (mode === 'follow') engine.follow();
else {
  const signal = AbortSignal.timeout(PATIENCE_MILLIS);
  await engine.pipeline.collectOnce('logs', noCounts(), signal);
  const drained = await engine.pipeline.drain(signal);
  await engine.close();
  process.exit([...drained.values()].every((result) => result.drained) ? 0 : 1);
}
