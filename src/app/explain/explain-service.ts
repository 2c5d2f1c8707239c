import type { AwsAccounts } from '../../aws/aws-account.ts';
import { parseLogGroupArn } from '../../aws/log-groups/log-group.ts';
import { partitionTitle } from '../../aws/log-groups/log-group-partition.ts';
import { isBackfillKey } from '../../contracts/checkpoint.ts';
import type { Discovery, Partition, PullSource } from '../../contracts/pull-source.ts';
import type { StateStore } from '../../contracts/state-store.ts';
import { describeError, LogferryError } from '../../foundation/logferry-error.ts';
import { didYouMean } from '../../foundation/nearest-name.ts';
import { explainPartition } from '../../pipeline/explain/explain-partition.ts';
import type {
  ExplainRequest,
  Explanation,
  PartitionExplanation,
} from '../../pipeline/explain/explanation.ts';
import { routeOf, type Topology } from '../../pipeline/topology.ts';
import { concludeExplanation } from './conclude-explanation.ts';
import { findInAws } from './find-in-aws.ts';
import { groupNameOf, namesGroup } from './group-name.ts';

export interface GroupQuery extends ExplainRequest {
  /** Name, name with Region, or ARN of a log group, or a part of it that no other has. */
  readonly group: string;
}

export interface ExplainDeps {
  readonly topology: Topology & { readonly accounts: AwsAccounts };
  /** Names of the accounts of the configuration. */
  readonly accountIds: readonly string[];
  /** undefined: nothing was ever read. May be one that only looks. */
  readonly store: StateStore | undefined;
  /** Whether a log store has a record; undefined for other destinations. Left out where stores cannot be asked. */
  readonly isStored?: (
    destination: string,
    record: { readonly id: string; readonly timestampMillis: number; readonly source: string },
    signal: AbortSignal,
  ) => Promise<boolean | undefined>;
  readonly nowMillis: number;
}

interface Asked {
  readonly id: string;
  readonly source: PullSource;
  readonly discovery: Discovery;
}

/** Somebody waits for it: an answer later than this is none. */
const DEADLINE_MILLIS = 60_000;

/**
 * Why events of a log group are missing, or that they are not. Asks AWS, looks into the state, and changes nothing. Reading has
 * the request budget too: where it keeps all of it (a full spool, an outage of AWS), says so within `deadlineMillis`.
 */
export async function explain(
  query: GroupQuery,
  deps: ExplainDeps,
  signal: AbortSignal,
  deadlineMillis = DEADLINE_MILLIS,
): Promise<Explanation> {
  const deadline = AbortSignal.timeout(deadlineMillis);
  try {
    return await explainWithin(query, deps, AbortSignal.any([signal, deadline]));
  } catch (thrown) {
    if (signal.aborted || !deadline.aborted) throw thrown;
    throw new LogferryError('AWS_UNREACHABLE', `AWS could not be asked within ${deadlineMillis / 1000} s.`, {
      hint: 'Reading keeps the requests that are allowed: `logferry status` shows whether the spool is full, or the service does not answer. Ask again when that is over.',
      cause: thrown,
    });
  }
}

async function explainWithin(
  query: GroupQuery,
  deps: ExplainDeps,
  signal: AbortSignal,
): Promise<Explanation> {
  const { group, ...request } = query;
  const notes: string[] = [];
  const asked = await askSources(deps.topology, notes, signal);
  const chosen = choose(group, asked);
  const partitions: PartitionExplanation[] = [];
  for (const { id, source, partition } of chosen) {
    const { store, isStored, nowMillis } = deps;
    const context = {
      source: id,
      maxLatenessMillis: source.collect.maxLatenessMillis,
      route: routeOf(id, deps.topology),
      destinations: deps.topology.destinations,
      store,
      ...(isStored !== undefined && { isStored }),
      nowMillis,
    };
    partitions.push(await explainPartition(partition, request, context, signal));
  }
  const unread = partitions.length === 0 ? await explainUnread(group, asked, deps, notes, signal) : undefined;
  return { group, ...request, ...concludeExplanation(request, partitions, unread), partitions, notes };
}

/** A source that cannot be asked is told of; the others are looked at. */
async function askSources(
  { sources }: Topology,
  notes: string[],
  signal: AbortSignal,
): Promise<readonly Asked[]> {
  const asked: Asked[] = [];
  for (const { id, source } of sources) {
    try {
      const discovery = await source.discover(signal);
      asked.push({ id, source, discovery });
      for (const { title, detail } of discovery.warnings) notes.push(`${id}: ${title}: ${detail}`);
    } catch (thrown) {
      signal.throwIfAborted();
      notes.push(`Source "${id}" could not be asked for its log groups: ${describeError(thrown)}`);
    }
  }
  return asked;
}

/** All that answer to the name; where none does, those of the one log group that has it as a part. */
function choose(
  group: string,
  asked: readonly Asked[],
): readonly { readonly id: string; readonly source: PullSource; readonly partition: Partition }[] {
  const all = asked.flatMap(({ id, source, discovery }) =>
    discovery.partitions.map((partition) => ({ id, source, partition })),
  );
  const exact = all.filter(({ partition }) => namesGroup(group, partition));
  if (exact.length > 0) return exact;
  const partial = all.filter(({ partition }) => partition.title.includes(group));
  const titles = [...new Set(partial.map(({ partition }) => partition.title))];
  if (titles.length <= 1) return partial;
  throw new LogferryError('USAGE', `"${group}" is a part of the names of ${titles.length} log groups.`, {
    hint: `Name one of them: ${titles.slice(0, 10).join(', ')}${titles.length > 10 ? ', …' : ''}.`,
  });
}

/** Why a log group is not read, as far as anybody knows. */
async function explainUnread(
  group: string,
  asked: readonly Asked[],
  { topology, accountIds, store }: ExplainDeps,
  notes: string[],
  signal: AbortSignal,
) {
  for (const { id, discovery } of asked) {
    const skipped = discovery.skipped.find(({ title }) => title === group || title.startsWith(`${group} (`));
    if (skipped !== undefined)
      return {
        verdict: 'group_not_read',
        summary: `"${id}" does not read ${skipped.title}: ${skipped.reason}`,
        ...(skipped.fix !== undefined && { next: skipped.fix }),
      } as const;
  }
  for (const stored of await wasReadBefore(group, asked, store)) notes.push(stored);
  const name = parseLogGroupArn(group)?.name ?? group.replace(/ \([a-z0-9-]+\)$/, '');
  const place = await findInAws(name, topology.accounts, accountIds, notes, signal);
  if (place !== undefined)
    return {
      verdict: 'group_not_read',
      summary: `${name} is there (${place}), but no source reads it.`,
      next: 'Add it to `log_groups` of a cloudwatch_logs source, or select what logs to it in an aws_ecs source; `logferry discover` shows what that is.',
    } as const;
  const known = asked.flatMap(({ discovery }) => discovery.partitions.map(groupNameOf));
  return {
    verdict: 'group_unknown',
    summary: `No source reads a log group ${name}, and there is none in the accounts and Regions of the configuration.${didYouMean(name, known)}`,
    next: 'Compare name, account and Region with those in the AWS console.',
  } as const;
}

async function wasReadBefore(
  group: string,
  asked: readonly Asked[],
  store: StateStore | undefined,
): Promise<string[]> {
  const notes: string[] = [];
  for (const { id } of asked) {
    for (const { key, checkpoint } of (await store?.list(`${id}|`)) ?? []) {
      if (isBackfillKey(key) || !namesGroup(group, { key, title: partitionTitle(key) })) continue;
      const until = new Date(checkpoint.headMillis).toISOString();
      notes.push(`"${id}" read it until ${until} and does not find it any more.`);
    }
  }
  return notes;
}
