// `npm run bench:search`: how long the log store takes to find things among many records. How to read it: bench/README.md.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { systemClock } from '../../src/foundation/clock.ts';
import { silentLogger } from '../../src/foundation/logger.ts';
import { systemRandom } from '../../src/foundation/random.ts';
import { createChdbLogStore } from '../../src/logstore/chdb/chdb-log-store.ts';
import { describeMachine } from '../report/machine.ts';
import { fillStore } from './fill-store.ts';
import { measureQuestions } from './questions.ts';
import { renderSearchReport } from './render-search-report.ts';

const { values } = parseArgs({
  options: {
    records: { type: 'string', default: '2000000' },
    hours: { type: 'string', default: '24' },
    runs: { type: 'string', default: '5' },
    /** Kept, and used again as it is. */
    dir: { type: 'string' },
    write: { type: 'boolean', default: false },
  },
});
const records = Number(values.records);
const rangeMillis = Number(values.hours) * 3_600_000;
const dir = values.dir ?? mkdtempSync(join(tmpdir(), 'logferry-bench-store-'));
const store = createChdbLogStore({
  dir: join(dir, 'store'),
  clock: systemClock,
  random: systemRandom,
  logger: silentLogger,
});
try {
  const filled = await fillStore(store, records, rangeMillis);
  const measured = await measureQuestions(store, Number(values.runs));
  const report = renderSearchReport({
    machine: describeMachine(dir),
    records,
    rangeMillis,
    filled,
    measured,
  });
  process.stdout.write(report);
  if (values.write) writeFileSync(new URL('../results/search.md', import.meta.url), report);
} finally {
  await store.close();
  if (values.dir === undefined) rmSync(dir, { recursive: true, force: true });
}
