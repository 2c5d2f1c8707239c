import type { Discovery } from '../../contracts/pull-source.ts';
import { LogferryError } from '../../foundation/logferry-error.ts';
import type { AwsAccount, LogsApi } from '../aws-account.ts';
import { everyPage } from './every-page.ts';
import { listingPrefixes } from './listing-prefixes.ts';
import { type LogGroup, logGroupArn, parseLogGroupArn, toLogGroup } from './log-group.ts';
import { LruMap } from './lru-map.ts';
import { matchesAny, type NamePattern } from './name-pattern.ts';

export interface LogGroupSelection {
  /** Names, patterns, and ARNs (for groups of linked accounts). */
  readonly names: readonly NamePattern[];
  /** Matched against name and ARN. */
  readonly exclude: readonly NamePattern[];
  /** ARN of the group that Logferry logs to: not taken by a pattern, only by its exact name. */
  readonly ownGroupArn?: string | undefined;
}

export interface ResolvedLogGroups {
  readonly groups: readonly LogGroup[];
  readonly skipped: Discovery['skipped'];
  readonly warnings: Discovery['warnings'];
  /** Exact names and patterns that nothing in this Region answers to. */
  readonly unmatched: readonly NamePattern[];
}

const REMEMBERED_GROUPS = 10_000;
const PAGE_LIMIT = 50;

/** Finds the log groups of an account. Remembers creation times, so that keys stay when listing is denied later. */
export class LogGroupResolver {
  readonly #account: AwsAccount;
  readonly #known = new LruMap<string, LogGroup>(REMEMBERED_GROUPS);

  constructor(account: AwsAccount) {
    this.#account = account;
  }

  /**
   * Throws LogferryError. Where listing groups is denied, groups that are named exactly are taken at their word;
   * AWS_DENIED is thrown only when there are none.
   */
  async resolve(
    region: string,
    selection: LogGroupSelection,
    signal: AbortSignal,
  ): Promise<ResolvedLogGroups> {
    const here = selection.names.filter((name) => (parseLogGroupArn(name.text)?.region ?? region) === region);
    try {
      const found = await this.#list(region, here, signal);
      for (const group of found) this.#known.set(group.arn, group);
      return choose(found, here, selection, region);
    } catch (thrown) {
      const named = here.filter((pattern) => pattern.kind === 'exact');
      if (!(thrown instanceof LogferryError) || thrown.code !== 'AWS_DENIED' || named.length === 0)
        throw thrown;
      const groups = await this.#byName(region, named, signal);
      const chosen = choose(groups, named, selection, region);
      const patterns = here.filter((pattern) => pattern.kind !== 'exact');
      return { ...chosen, warnings: [...chosen.warnings, listingDenied(region, patterns, thrown)] };
    }
  }

  async #list(region: string, names: readonly NamePattern[], signal: AbortSignal): Promise<LogGroup[]> {
    const api = this.#account.logs(region);
    const arns = names.flatMap((name) => parseLogGroupArn(name.text) ?? []);
    const plain = names.filter((name) => parseLogGroupArn(name.text) === undefined);
    const found = new Map<string, LogGroup>();
    for (const prefix of listingPrefixes(plain))
      for await (const group of listGroups(api, region, prefix, undefined, signal))
        found.set(group.arn, group);
    if (arns.length === 0) return [...found.values()];
    const { accountId: own } = await this.#account.identity({ signal });
    for (const arn of arns) {
      const owner = arn.accountId === own ? undefined : arn.accountId;
      for await (const group of listGroups(api, region, arn.name, owner, signal))
        if (group.arn === arn.arn) found.set(group.arn, group);
    }
    return [...found.values()];
  }

  async #byName(region: string, names: readonly NamePattern[], signal: AbortSignal): Promise<LogGroup[]> {
    const { partition, accountId } = await this.#account.identity({ signal });
    return names.map(({ text }) => {
      const named = parseLogGroupArn(text);
      const arn = named?.arn ?? logGroupArn(partition, region, accountId, text);
      const owner = named?.accountId ?? accountId;
      const group: LogGroup = {
        name: named?.name ?? text,
        arn,
        region,
        accountId: owner,
        unreadableClass: false,
        linked: owner !== accountId,
      };
      return this.#known.get(arn) ?? group;
    });
  }
}

async function* listGroups(
  api: LogsApi,
  region: string,
  prefix: string,
  linkedAccount: string | undefined,
  signal: AbortSignal,
): AsyncGenerator<LogGroup, void> {
  let describedMillis = 0;
  const ask = async (nextToken: string | undefined) => {
    const answered = await api.describeLogGroups(
      {
        limit: PAGE_LIMIT,
        ...(prefix !== '' && { logGroupNamePrefix: prefix }),
        ...(linkedAccount !== undefined && {
          includeLinkedAccounts: true,
          accountIdentifiers: [linkedAccount],
        }),
        ...(nextToken !== undefined && { nextToken }),
      },
      { signal },
    );
    describedMillis = answered.serverMillis;
    return answered;
  };
  const pages = everyPage('DescribeLogGroups', ask);
  for await (const page of pages)
    for (const described of page.logGroups ?? []) {
      const group = toLogGroup(described, region, linkedAccount !== undefined, describedMillis);
      if (group !== undefined) yield group;
    }
}

/** What of the found groups is read, and why the rest is not. */
function choose(
  found: readonly LogGroup[],
  names: readonly NamePattern[],
  selection: LogGroupSelection,
  region: string,
): ResolvedLogGroups {
  const groups: LogGroup[] = [];
  const skipped: Discovery['skipped'][number][] = [];
  const matched = new Set<NamePattern>();
  for (const group of found) {
    const by = names.filter((name) => answersTo(group, name));
    for (const name of by) matched.add(name);
    if (by.length === 0 || isExcluded(group, selection.exclude)) continue;
    const reason = whyNot(group, by, selection);
    if (reason === undefined) groups.push(group);
    else skipped.push({ title: `${group.name} (${region})`, ...reason });
  }
  const unmatched = names.filter((name) => !matched.has(name));
  return { groups: groups.sort(byName), skipped, warnings: [], unmatched };
}

function answersTo(group: LogGroup, name: NamePattern): boolean {
  const arn = parseLogGroupArn(name.text);
  if (arn !== undefined) return arn.arn === group.arn;
  return !group.linked && name.matches(group.name);
}

function isExcluded(group: LogGroup, exclude: readonly NamePattern[]): boolean {
  return matchesAny(exclude, group.name) || matchesAny(exclude, group.arn);
}

function whyNot(
  group: LogGroup,
  by: readonly NamePattern[],
  selection: LogGroupSelection,
): { readonly reason: string; readonly fix?: string } | undefined {
  if (group.unreadableClass)
    return {
      reason: 'The log group is of class INFREQUENT_ACCESS, which FilterLogEvents cannot read.',
      fix: 'Let its writers log to a group of the Standard class: the class of a group cannot be changed.',
    };
  if (group.arn === selection.ownGroupArn && by.every((name) => name.kind !== 'exact'))
    return {
      reason: 'Logferry itself logs to this group; reading it would feed it its own output.',
      fix: 'Name the group exactly to read what others write to it.',
    };
  return undefined;
}

function listingDenied(
  region: string,
  patterns: readonly NamePattern[],
  denied: LogferryError,
): Discovery['warnings'][number] {
  const ignored =
    patterns.length > 0
      ? ` These patterns match nothing meanwhile: ${patterns.map(({ text }) => text).join(', ')}.`
      : '';
  return {
    title: `Log groups of ${region} cannot be listed`,
    detail:
      'Groups that are named exactly are read all the same, but their creation time and retention are unknown: one ' +
      `that is deleted and made again is taken for the old one.${ignored} ${denied.message}`,
    fix: denied.hint ?? 'Allow logs:DescribeLogGroups on * to this identity.',
  };
}

const byName = (a: LogGroup, b: LogGroup) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
