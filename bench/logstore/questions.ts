import type { LogFilter } from '../../src/contracts/log-search.ts';
import type { LogStore } from '../../src/contracts/log-store.ts';
import { requireQuery } from '../../src/logstore/query/parse-query.ts';
import { childUsage } from '../worker/child-usage.ts';

export interface Question {
  readonly name: string;
  /** Different in each run: the engine remembers what a condition met. */
  readonly filter: (run: number) => LogFilter;
}

export interface Timing {
  readonly wallMillis: number;
  /** Of the engine, all threads; 0 where there is no /proc. */
  readonly cpuMillis: number;
}

/** Of each run. */
export interface Measured {
  readonly name: string;
  readonly records: number;
  readonly rows: readonly Timing[];
  readonly histogram: readonly Timing[];
  readonly facets: readonly Timing[];
  /** All three at once, as a page asks for them. */
  readonly together: readonly Timing[];
}

const FACETS = ['level', 'source', 'cluster', 'service', 'container', 'task', 'stream'];
const FIFTEEN_MINUTES = 900_000;

export async function measureQuestions(store: LogStore, runs: number): Promise<readonly Measured[]> {
  const measured: Measured[] = [];
  for (const question of await questionsFor(store, runs * 4)) {
    let next = 0;
    const fresh = () => question.filter(next++);
    const times = async (ask: (filter: LogFilter) => Promise<unknown>) => {
      const taken: Timing[] = [];
      for (let run = 0; run < runs; run++) {
        const filter = fresh();
        const cpu = childUsage()?.cpuMillis ?? 0;
        const start = performance.now();
        await ask(filter);
        const wallMillis = performance.now() - start;
        taken.push({ wallMillis, cpuMillis: (childUsage()?.cpuMillis ?? 0) - cpu });
      }
      return taken;
    };
    const { rows, histogram, facets } = asking(store);
    measured.push({
      name: question.name,
      records: await store.count(question.filter(0), soon()),
      rows: await times(rows),
      histogram: await times(histogram),
      facets: await times(facets),
      together: await times((filter) => Promise.all([rows(filter), histogram(filter), facets(filter)])),
    });
  }
  return measured;
}

function asking(store: LogStore) {
  return {
    rows: (filter: LogFilter) =>
      store.search({ ...filter, order: 'newest', limit: 100, maxMessageLength: 16_384 }, soon()),
    histogram: (filter: LogFilter) => store.histogram({ ...filter, maxBuckets: 60 }, soon()),
    facets: (filter: LogFilter) => store.facets({ ...filter, fields: FACETS, top: 10 }, soon()),
  };
}

async function questionsFor(store: LogStore, variants: number): Promise<readonly Question[]> {
  const { oldestMillis = 0, newestMillis = 0 } = await store.usage(soon());
  const ids = await traceIds(store, oldestMillis, newestMillis, variants);
  const all = (text: (run: number) => string) => (run: number) => ({
    query: requireQuery(text(run)),
    fromMillis: oldestMillis - run,
    toMillis: newestMillis,
  });
  return [
    { name: 'everything', filter: all(() => '') },
    {
      name: 'last 15 minutes',
      filter: (run) => ({ ...all(() => '')(0), fromMillis: newestMillis - FIFTEEN_MINUTES - run }),
    },
    {
      name: 'last 15 minutes, errors',
      filter: (run) => ({
        ...all(() => 'level:>=error')(0),
        fromMillis: newestMillis - FIFTEEN_MINUTES - run,
      }),
    },
    { name: 'rare substring', filter: all((run) => ids[run]?.slice(4, 24) ?? 'none') },
    { name: 'substring that nothing has', filter: all((run) => `nowhere${run}`) },
    { name: 'common word', filter: all(() => 'checkout') },
    { name: 'tag', filter: all(() => 'service:orders level:error') },
    { name: 'field of JSON, rare', filter: all((run) => `trace_id:${ids[run] ?? 'none'}`) },
    { name: 'field of JSON, number', filter: all(() => 'status:>=500 dur:>1000') },
    { name: 'regular expression', filter: all((run) => String.raw`/order_id":"1567\d${run}/`) },
  ];
}

/** Trace ids of records here and there. */
async function traceIds(store: LogStore, fromMillis: number, toMillis: number, count: number) {
  const ids: string[] = [];
  for (let at = 0; ids.length < count; at++) {
    const time = fromMillis + ((at * 7919) % 10_000) * ((toMillis - fromMillis) / 10_000);
    const { records } = await store.search(
      { query: requireQuery('trace_id:*'), fromMillis: time, toMillis, order: 'oldest', limit: 1 },
      soon(),
    );
    const id = /"trace_id":"([0-9a-f]{32})"/.exec(records[0]?.record.message ?? '')?.[1];
    if (id !== undefined) ids.push(id);
  }
  return ids;
}

const soon = () => AbortSignal.timeout(120_000);
