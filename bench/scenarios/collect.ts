import { noCounts } from '../../src/pipeline/slice-reader.ts';
import { BENCH_GROUP } from '../load/bench-group.ts';
import type { Done, Opened, Surroundings } from '../worker/scenario.ts';
import { type OpenedEngine, openEngine, UNBOUNDED } from './open-engine.ts';

const SOURCE = 'logs';
const STORE = 'local';
const DATAKIT = 'datakit';
const LONGEST_MILLIS = 600_000;

export interface CollectSetup {
  readonly transforms: boolean;
  readonly to: readonly ('nothing' | 'anything' | 'datakit' | 'store')[];
}

/** One collection of the whole log group by the product's own engine, until every destination has everything. */
export async function openCollect(
  { transforms, to }: CollectSetup,
  surroundings: Surroundings,
): Promise<Opened> {
  const startSeconds = Math.ceil((Date.now() - surroundings.fromMillis) / 1000) + 60;
  const opened = await openEngine(surroundings, {
    sources: { [SOURCE]: { log_groups: [BENCH_GROUP], start_from: `-${startSeconds}s` } },
    requestsPerSecond: UNBOUNDED,
    transforms,
    destinations: destinationsOf(to, surroundings),
  });
  const { engine } = opened;
  // The engine of the log store is a program of its own, which takes a while to load.
  if (to.includes('store')) await engine.components.logStore(STORE).usage(AbortSignal.timeout(60_000));
  return {
    run: async (): Promise<Done> => {
      const committed = await collect(opened, surroundings.records, !to.includes('nothing'));
      return {
        records: surroundings.records,
        points: to.includes('datakit') ? committed : 0,
        requests: opened.requests(),
      };
    },
    close: () => engine.close(0),
  };
}

/** Resolves to the records that went into the spool; rejects when anything was not as it should be. */
async function collect({ engine }: OpenedEngine, records: number, delivers: boolean): Promise<number> {
  const { pipeline } = engine;
  const signal = AbortSignal.timeout(LONGEST_MILLIS);
  const counts = noCounts();
  await pipeline.collectOnce(SOURCE, counts, signal);
  if (counts.fetched - counts.duplicate !== records)
    throw new Error(`Read ${counts.fetched}, of which ${counts.duplicate} twice.`);
  if (!delivers) return counts.committed;
  await pipeline.drain(signal);
  for (const { id, delivered, deadLetters, retries, lastError } of (await pipeline.status()).destinations) {
    if (delivered === counts.committed && deadLetters === 0 && retries === 0) continue;
    throw new Error(
      `${id} got ${delivered} of ${counts.committed}, ${deadLetters} dead letters, ${retries} retries: ${lastError?.detail ?? 'no error'}`,
    );
  }
  return counts.committed;
}

function destinationsOf(to: CollectSetup['to'], { datakitUrl }: Surroundings): Record<string, object> {
  const all = {
    nothing: { id: 'held', options: { type: 'bench_hold_back' } },
    anything: { id: 'taken', options: { type: 'bench_acknowledge_all' } },
    datakit: { id: DATAKIT, options: { type: 'datakit', url: datakitUrl } },
    store: { id: STORE, options: { type: 'store' } },
  };
  return Object.fromEntries(to.map((name) => [all[name].id, all[name].options]));
}
