import { buildComponents } from '../app/build-components.ts';
import type { Partition } from '../contracts/pull-source.ts';
import { describeError } from '../foundation/logferry-error.ts';
import { applyRoute } from '../pipeline/apply-route.ts';
import { routeOf, type Topology } from '../pipeline/topology.ts';
import type { LogRecord } from '../record/log-record.ts';
import { FUTURE_MILLIS } from '../source-kit/plan-slices.ts';
import { SeenIds } from '../source-kit/seen-ids.ts';
import type { CliContext } from './cli-context.ts';
import { COMMAND_LOG, commandDeps, loadCommandConfig } from './command-deps.ts';
import { linePrinter } from './output/line-printer.ts';
import { requireSource } from './require-source.ts';
import { momentArgument } from './time-argument.ts';

export interface TailOptions {
  readonly source?: readonly string[];
  readonly follow: boolean;
  readonly since: string;
  readonly output: 'pretty' | 'raw' | 'json';
  readonly limit?: string;
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

/** `logferry tail`: reads what sources find, without checkpoints, and prints it in order. */
export async function tail(cli: CliContext, words: readonly string[], options: TailOptions): Promise<void> {
  const config = await loadCommandConfig(cli);
  const components = buildComponents(config, commandDeps(cli, COMMAND_LOG));
  try {
    const sinceMillis = momentArgument(options.since, cli.clock.now(), cli.options.utc);
    const sources = chosen(components, options.source);
    const print = linePrinter(cli, options.output);
    const matches = matcher(words);
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
      const { partitions, warnings } = await source.discover(cli.signal);
      if (isFirst)
        for (const { title, detail } of warnings) cli.stderr.write(`warning ${title}: ${detail}\n`);
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

function matcher(words: readonly string[]): (record: LogRecord) => boolean {
  const wanted = words.filter((word) => !word.startsWith('-')).map((word) => word.toLowerCase());
  const unwanted = words.filter((word) => word.startsWith('-')).map((word) => word.slice(1).toLowerCase());
  if (words.length === 0) return () => true;
  return ({ message }) => {
    const text = message.toLowerCase();
    return wanted.every((word) => text.includes(word)) && !unwanted.some((word) => text.includes(word));
  };
}
