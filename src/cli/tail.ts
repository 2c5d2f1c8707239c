import { buildComponents } from '../app/build-components.ts';
import type { LoadedConfig } from '../config/loaded-config.ts';
import type { Partition } from '../contracts/pull-source.ts';
import { describeError, LogferryError } from '../foundation/logferry-error.ts';
import { recordMatcher } from '../logstore/query/match-record.ts';
import { requireQuery } from '../logstore/query/parse-query.ts';
import { applyRoute } from '../pipeline/apply-route.ts';
import { requireFound } from '../pipeline/require-found.ts';
import { routeOf, type Topology } from '../pipeline/topology.ts';
import type { LogRecord } from '../record/log-record.ts';
import { FUTURE_MILLIS } from '../source-kit/plan-slices.ts';
import { SeenIds } from '../source-kit/seen-ids.ts';
import type { CliContext } from './cli-context.ts';
import { COMMAND_LOG, commandDeps, loadCommandConfig } from './command-deps.ts';
import { filledStore, followStore, printStored } from './logs/follow-store.ts';
import { queryArgument } from './logs/query-argument.ts';
import { linePrinter } from './output/line-printer.ts';
import { requireSource } from './require-source.ts';
import { momentArgument } from './time-argument.ts';

export interface TailOptions {
  readonly source?: readonly string[];
  readonly follow: boolean;
  readonly since: string;
  readonly output: 'pretty' | 'raw' | 'json';
  readonly aws?: boolean;
}

const POLL_MILLIS = 2000;
/** How far back a poll looks again for lines that became visible late. */
const OVERLAP_MILLIS = 30_000;

interface Followed {
  readonly sourceId: string;
  readonly partition: Partition;
  readonly seen: SeenIds;
  fromMillis: number;
}

/**
 * `logferry tail`: what comes in, in order. From the store that a server on the data folder fills, where there is one;
 * else straight from AWS, what sources find, without checkpoints.
 */
export async function tail(cli: CliContext, words: readonly string[], options: TailOptions): Promise<void> {
  const text = queryArgument(words);
  const matches = matcherOf(text);
  const config = await loadCommandConfig(cli);
  const sinceMillis = momentArgument(options.since, cli.clock.now(), cli.options.utc);
  const isOfAws = options.aws === true || options.source !== undefined;
  const store = isOfAws ? undefined : await filledStore(config);
  if (store === undefined) {
    await tailAws(cli, config, matches, sinceMillis, options);
    return;
  }
  const filter = { text, fromMillis: sinceMillis, toMillis: cli.clock.now() };
  if (!options.follow) {
    await printStored(cli, config, store, filter, options.output);
    return;
  }
  try {
    await followStore(cli, config, store, filter, options.output);
  } catch (thrown) {
    // Who ends a tail has seen enough: that is no failure.
    if (!cli.signal.aborted) throw thrown;
  }
}

async function tailAws(
  cli: CliContext,
  config: LoadedConfig,
  matches: (record: LogRecord) => boolean,
  sinceMillis: number,
  options: TailOptions,
): Promise<void> {
  const components = buildComponents(config, commandDeps(cli, COMMAND_LOG));
  try {
    const sources = chosen(components, options.source);
    const print = linePrinter(cli, options.output);
    const followed = new Map<string, Followed>();
    for (let isFirst = true; isFirst || (options.follow && !cli.signal.aborted); isFirst = false) {
      await discover(cli, sources, followed, sinceMillis, isFirst);
      const records = (
        await Promise.all([...followed.values()].map((one) => read(cli, components, one, isFirst)))
      ).flat();
      records.sort((a, b) => a.timestampMillis - b.timestampMillis);
      for (const record of records) if (matches(record)) await print(record);
      if (options.follow) await cli.clock.sleep(POLL_MILLIS, cli.signal).catch(() => {});
    }
  } catch (thrown) {
    // Who ends a tail has seen enough: that is no failure.
    if (!cli.signal.aborted) throw thrown;
  } finally {
    await components.close();
  }
}

function chosen(topology: Topology, ids: readonly string[] | undefined): Topology['sources'] {
  if (ids === undefined) return topology.sources;
  for (const id of ids) requireSource(id, topology.sources);
  return topology.sources.filter(({ id }) => ids.includes(id));
}

async function discover(
  cli: CliContext,
  sources: Topology['sources'],
  followed: Map<string, Followed>,
  sinceMillis: number,
  isFirst: boolean,
): Promise<void> {
  for (const { id, source } of sources) {
    try {
      const discovery = await source.discover(cli.signal);
      const { partitions, warnings, missing } = discovery;
      if (isFirst) {
        if (sources.length === 1) requireFound(discovery);
        for (const { title, detail } of warnings) cli.stderr.write(`warning ${title}: ${detail}\n`);
        for (const { reason } of missing) cli.stderr.write(`warning ${reason}\n`);
      }
      for (const partition of partitions) {
        if (followed.has(partition.key)) continue;
        const fromMillis = isFirst ? sinceMillis : cli.clock.now() - OVERLAP_MILLIS;
        followed.set(partition.key, { sourceId: id, partition, seen: new SeenIds(), fromMillis });
      }
    } catch (thrown) {
      // At first it is the answer; later it may pass.
      if (isFirst || cli.signal.aborted) throw thrown;
      cli.stderr.write(`warning ${id}: ${describeError(thrown)}\n`);
    }
  }
}

/** New records of a partition, treated as its source's transforms would (without waiting for lines to join). */
async function read(
  cli: CliContext,
  topology: Topology,
  followed: Followed,
  isFirst: boolean,
): Promise<readonly LogRecord[]> {
  const startedMillis = cli.clock.now();
  const fresh: LogRecord[] = [];
  try {
    const toMillis = startedMillis + FUTURE_MILLIS;
    const slice = { fromMillis: followed.fromMillis, toMillis, priority: 'live' as const };
    for await (const page of followed.partition.read(slice, cli.signal)) {
      for (const record of page.records)
        if (followed.seen.add(record.id, record.timestampMillis)) fresh.push(record);
    }
  } catch (thrown) {
    if (isFirst || cli.signal.aborted) throw thrown;
    cli.stderr.write(`warning ${followed.partition.title}: ${describeError(thrown)}\n`);
    return fresh;
  }
  followed.fromMillis = Math.max(followed.fromMillis, startedMillis - OVERLAP_MILLIS);
  followed.seen.takeAdded();
  followed.seen.sealBefore(followed.fromMillis - OVERLAP_MILLIS);
  return treat(topology, followed.sourceId, fresh);
}

function treat(topology: Topology, sourceId: string, records: readonly LogRecord[]): readonly LogRecord[] {
  const route = routeOf(sourceId, topology);
  const ordered = records.toSorted((a, b) => a.timestampMillis - b.timestampMillis);
  const first = applyRoute(route, ordered, {}, 0);
  // Far in the future nothing is held any longer.
  const rest = applyRoute(route, [], first.states, Number.MAX_SAFE_INTEGER);
  const byId = new Map<string, LogRecord>();
  for (const list of [...first.outputs.values(), ...rest.outputs.values()])
    for (const record of list) byId.set(record.id, record);
  return route.topics.length === 0 ? records : [...byId.values()];
}

/** The query as a condition on what AWS answers with. */
function matcherOf(text: string): (record: LogRecord) => boolean {
  const query = requireQuery(text);
  try {
    return recordMatcher(query);
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError)) throw thrown;
    throw new LogferryError('QUERY_INVALID', `This is no regular expression: ${thrown.message}.`);
  }
}
