import type { AwsAccount } from '../../aws/aws-account.ts';
import type { EcsGraph } from '../../aws/ecs-graph/ecs-graph.ts';
import type { EcsSelection } from '../../aws/ecs-graph/ecs-selection.ts';
import type { EcsRegion } from '../../aws/ecs-graph/ecs-tree.ts';
import { checkAllReadable, checkIdentity, failedItem } from '../../aws/log-groups/check-items.ts';
import type { LogGroupResolver } from '../../aws/log-groups/log-group-resolver.ts';
import { exactName, type NamePattern } from '../../aws/log-groups/name-pattern.ts';
import type { CheckItem, CheckReport } from '../../contracts/check-report.ts';
import { deniedNotices, missingNames, needsFallback, nothingSelected, uncollectable } from './ecs-notices.ts';
import { groupTargets } from './group-targets.ts';

export interface EcsCheckParts {
  readonly account: AwsAccount;
  readonly regions: readonly string[];
  readonly selection: EcsSelection;
  readonly fallback: readonly NamePattern[];
  readonly graph: EcsGraph;
  readonly resolver: LogGroupResolver;
  readonly nowMillis: number;
}

/** Identity, ECS of each Region, then listing and reading the log groups that this leads to. */
export async function checkEcs(parts: EcsCheckParts, signal: AbortSignal): Promise<CheckReport> {
  const identity = await checkIdentity(parts.account, signal);
  if (identity.status === 'failed') return [identity];
  const items: CheckItem[] = [identity];
  const read: EcsRegion[] = [];
  for (const region of parts.regions) {
    const title = `Read ECS of ${region}`;
    try {
      const found = await parts.graph.readRegion(region, parts.selection, signal);
      read.push(found);
      if (found.deniedActions.length === 0) items.push({ status: 'ok', title, detail: summary(found) });
    } catch (thrown) {
      items.push(failedItem(title, thrown, signal));
    }
  }
  const texts = parts.fallback.map(({ text }) => text);
  const notices = [...deniedNotices(read, texts), ...nothingSelected(read, parts.selection)];
  items.push(...notices.map((notice): CheckItem => ({ status: 'warning', ...notice })));
  const missing = read.length < parts.regions.length ? [] : missingNames(read, parts.selection);
  for (const { title, reason: detail, fix } of missing)
    items.push({ status: 'failed', code: 'AWS_NOT_FOUND', title, detail, fix });
  items.push(...(await checkGroups(parts, read, signal)));
  const elsewhere = uncollectable(read).map(
    ({ title, reason, fix }): CheckItem => ({
      status: 'warning',
      title,
      detail: reason,
      ...(fix !== undefined && { fix }),
    }),
  );
  return [...items, ...elsewhere];
}

async function checkGroups(
  parts: EcsCheckParts,
  read: readonly EcsRegion[],
  signal: AbortSignal,
): Promise<readonly CheckItem[]> {
  const names = new Map<string, NamePattern[]>();
  const add = (region: string, patterns: readonly NamePattern[]) =>
    names.set(region, [...(names.get(region) ?? []), ...patterns]);
  for (const { region, group } of groupTargets(read)) add(region, [exactName(group)]);
  for (const region of read) if (needsFallback(region)) add(region.region, parts.fallback);
  const items: CheckItem[] = [];
  for (const [region, patterns] of names) {
    const title = `List log groups of ${region}`;
    try {
      const resolved = await parts.resolver.resolve(region, { names: patterns, exclude: [] }, signal);
      if (resolved.warnings.length === 0)
        items.push({ status: 'ok', title, detail: `${resolved.groups.length} to read` });
      items.push(...resolved.warnings.map((warning): CheckItem => ({ status: 'warning', ...warning })));
      items.push(
        ...(await checkAllReadable(parts.account, resolved.groups, {}, parts.nowMillis, signal)),
        ...resolved.unmatched.map(
          ({ text }): CheckItem => ({
            status: 'warning',
            title: `${text} (${region})`,
            detail: 'There is no such log group yet.',
          }),
        ),
      );
    } catch (thrown) {
      items.push(failedItem(title, thrown, signal));
    }
  }
  return items;
}

function summary({ clusters }: EcsRegion): string {
  const workloads = clusters.flatMap((cluster) => cluster.workloads).filter(({ selected }) => selected);
  const services = workloads.filter(({ kind }) => kind === 'service').length;
  const tasks = workloads.reduce((sum, { runningCount }) => sum + runningCount, 0);
  return [count(clusters.length, 'cluster'), count(services, 'service'), count(tasks, 'running task')].join(
    ', ',
  );
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
