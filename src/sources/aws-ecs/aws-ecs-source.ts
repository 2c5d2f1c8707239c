import type { AwsAccount } from '../../aws/aws-account.ts';
import { EcsGraph } from '../../aws/ecs-graph/ecs-graph.ts';
import { compileSelection, type EcsSelection } from '../../aws/ecs-graph/ecs-selection.ts';
import type { EcsRegion } from '../../aws/ecs-graph/ecs-tree.ts';
import { TaskDirectory } from '../../aws/ecs-graph/task-directory.ts';
import { EachRegion } from '../../aws/log-groups/each-region.ts';
import type { LogGroup } from '../../aws/log-groups/log-group.ts';
import { LogGroupResolver, type ResolvedLogGroups } from '../../aws/log-groups/log-group-resolver.ts';
import { exactName, type NamePattern, parseNamePatterns } from '../../aws/log-groups/name-pattern.ts';
import { findOwnLogs, type OwnLogs } from '../../aws/log-groups/own-logs.ts';
import { PartitionCache } from '../../aws/log-groups/partition-cache.ts';
import type { CheckReport } from '../../contracts/check-report.ts';
import type { CollectSettings, Discovery, PullSource } from '../../contracts/pull-source.ts';
import { collectSettings } from '../../source-kit/collect-options.ts';
import type { SourceContext } from '../source-context.ts';
import { checkEcs } from './check-ecs.ts';
import {
  deniedNotices,
  missingNames,
  needsFallback,
  nothingSelected,
  sharedGroupNotices,
  uncollectable,
} from './ecs-notices.ts';
import { type GroupTargets, groupTargets } from './group-targets.ts';
import { type AwsEcsOptions, selectionOptions } from './options.ts';
import { TaskStreams } from './task-streams.ts';

const NO_FILTER = {};

/**
 * Reads what the containers of ECS log to CloudWatch Logs: a partition for each log group that a selected container
 * logs to. A group is always read whole, never by stream prefix, although that may read more than is kept: a service
 * that begins to log to it between two discoveries would otherwise have lines in a range that counts as read.
 */
export class AwsEcsSource implements PullSource {
  readonly collect: CollectSettings;
  readonly #context: SourceContext;
  readonly #account: AwsAccount;
  readonly #regions: readonly string[];
  readonly #dataSource: string;
  readonly #selection: EcsSelection;
  readonly #fallback: readonly NamePattern[];
  readonly #metadataUri: string | undefined;
  readonly #graph: EcsGraph;
  readonly #directory: TaskDirectory;
  readonly #resolver: LogGroupResolver;
  readonly #ecsRegions = new EachRegion<EcsRegion>();
  readonly #logRegions = new EachRegion<ResolvedLogGroups>();
  readonly #partitions: PartitionCache<TaskStreams>;

  constructor(options: AwsEcsOptions, context: SourceContext, metadataUri: string | undefined) {
    this.collect = collectSettings(options);
    this.#context = context;
    this.#account = context.accounts.get(options.account);
    this.#regions = [...new Set(options.regions ?? this.#account.regions)];
    this.#dataSource = options.source ?? context.id;
    this.#selection = compileSelection(selectionOptions(options));
    this.#fallback = parseNamePatterns(options.fallback_log_groups);
    this.#metadataUri = metadataUri;
    this.#graph = new EcsGraph(this.#account);
    this.#directory = new TaskDirectory(this.#graph, context.clock);
    this.#resolver = new LogGroupResolver(this.#account);
    this.#partitions = new PartitionCache({
      sourceId: context.id,
      // With another selection the same group has other streams; what there was before is not known.
      selectedSinceMillis: context.clock.now(),
      logger: context.logger,
      metrics: context.metrics,
    });
  }

  async discover(signal: AbortSignal): Promise<Discovery> {
    const own = await findOwnLogs(this.#metadataUri, signal);
    const denied: EcsRegion[] = [];
    const ecs = await this.#ecsRegions.ask(
      this.#regions,
      async (region, previous) => {
        const read = await this.#graph.readRegion(region, this.#selection, signal);
        if (read.deniedActions.length > 0) denied.push(read);
        // A permission that is taken away must not look as if every service had been.
        return needsFallback(read) && previous !== undefined && !needsFallback(previous) ? previous : read;
      },
      signal,
    );
    const regions = ecs.values.map(({ value }) => value);
    this.#directory.update(regions);
    const targets = groupTargets(regions).filter((group) => !isOwnAlone(group, own));
    const logs = await this.#resolveGroups(regions, targets, own, signal);
    const partitions = logs.values.flatMap(({ region, value }) =>
      value.groups.map((group) => this.#partition(group, region, targets, own)),
    );
    this.#partitions.retain(partitions);
    return {
      partitions,
      skipped: [
        ...uncollectable(regions),
        ...logs.values.flatMap(({ region, value }) => [...value.skipped, ...notMadeYet(region, value)]),
      ],
      // Nothing is known to be missing while a Region has not answered.
      missing: regions.length < this.#regions.length ? [] : missingNames(regions, this.#selection),
      warnings: [
        ...ecs.warnings,
        ...deniedNotices(
          denied,
          this.#fallback.map(({ text }) => text),
        ),
        ...nothingSelected(regions, this.#selection),
        ...logs.warnings,
        ...logs.values.flatMap(({ value }) => value.warnings),
        ...sharedGroupNotices(targets),
      ],
    };
  }

  check(signal: AbortSignal): Promise<CheckReport> {
    return checkEcs(
      {
        account: this.#account,
        regions: this.#regions,
        selection: this.#selection,
        fallback: this.#fallback,
        graph: this.#graph,
        resolver: this.#resolver,
        nowMillis: this.#context.clock.now(),
      },
      signal,
    );
  }

  close(): Promise<void> {
    // Connections belong to the account.
    return Promise.resolve();
  }

  #resolveGroups(
    regions: readonly EcsRegion[],
    targets: readonly GroupTargets[],
    own: OwnLogs | undefined,
    signal: AbortSignal,
  ) {
    const byRegion = new Map<string, NamePattern[]>();
    const add = (region: string, names: readonly NamePattern[]) =>
      byRegion.set(region, [...(byRegion.get(region) ?? []), ...names]);
    for (const { region, group } of targets) add(region, [exactName(group)]);
    for (const region of regions) if (needsFallback(region)) add(region.region, this.#fallback);
    return this.#logRegions.ask(
      [...byRegion.keys()],
      (region) =>
        this.#resolver.resolve(
          region,
          { names: byRegion.get(region) ?? [], exclude: [], ownGroupArn: own?.groupArn },
          signal,
        ),
      signal,
    );
  }

  #partition(group: LogGroup, region: string, targets: readonly GroupTargets[], own: OwnLogs | undefined) {
    const { partition, origins } = this.#partitions.entry(
      group,
      NO_FILTER,
      this.#account.logs(region),
      () =>
        new TaskStreams({
          group,
          dataSource: this.#dataSource,
          selection: this.#selection,
          directory: this.#directory,
          own,
        }),
    );
    origins.update(targets.find((target) => target.region === region && target.group === group.name));
    return partition;
  }
}

/** The awslogs driver can make the group with the first task; until then there is nothing to read. */
function notMadeYet(region: string, { unmatched }: ResolvedLogGroups): Discovery['skipped'] {
  return unmatched.map(({ text }) => ({
    title: `${text} (${region})`,
    reason: 'There is no such log group, although it is configured.',
    fix: 'It is read as soon as it is made: by you, or by awslogs-create-group.',
  }));
}

function isOwnAlone({ region, group, targets }: GroupTargets, own: OwnLogs | undefined): boolean {
  if (own === undefined || own.family === '' || own.group !== group || own.region !== region) return false;
  return targets.every(({ workload }) =>
    workload.taskDefinitions.every(({ family }) => family === own.family),
  );
}
