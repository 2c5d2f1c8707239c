import type { AwsAccount } from '../../aws/aws-account.ts';
import { checkAllReadable, checkIdentity, failedItem } from '../../aws/log-groups/check-items.ts';
import { EachRegion, type RegionValue } from '../../aws/log-groups/each-region.ts';
import type { LogGroup } from '../../aws/log-groups/log-group.ts';
import type { StreamFilter } from '../../aws/log-groups/log-group-partition.ts';
import {
  LogGroupResolver,
  type LogGroupSelection,
  type ResolvedLogGroups,
} from '../../aws/log-groups/log-group-resolver.ts';
import { type NamePattern, parseNamePatterns } from '../../aws/log-groups/name-pattern.ts';
import { namedStreams } from '../../aws/log-groups/named-streams.ts';
import { findOwnLogs, type OwnLogs } from '../../aws/log-groups/own-logs.ts';
import { PartitionCache } from '../../aws/log-groups/partition-cache.ts';
import { SimilarLogGroups } from '../../aws/log-groups/similar-log-groups.ts';
import type { StreamOrigins } from '../../aws/log-groups/stream-origins.ts';
import type { CheckItem, CheckReport } from '../../contracts/check-report.ts';
import type { CollectSettings, Discovery, PullSource } from '../../contracts/pull-source.ts';
import { collectSettings } from '../../source-kit/collect-options.ts';
import type { SourceContext } from '../source-context.ts';
import type { CloudWatchLogsOptions } from './options.ts';
import { type UnmatchedNotices, unmatchedNotices } from './unmatched-notices.ts';

/** Reads log groups that are named or matched by a pattern, in each Region of an account. */
export class CloudWatchLogsSource implements PullSource {
  readonly collect: CollectSettings;
  readonly #context: SourceContext;
  readonly #account: AwsAccount;
  readonly #regions: readonly string[];
  readonly #dataSource: string;
  readonly #filter: StreamFilter;
  readonly #names: readonly NamePattern[];
  readonly #exclude: readonly NamePattern[];
  readonly #metadataUri: string | undefined;
  readonly #resolver: LogGroupResolver;
  readonly #similar: SimilarLogGroups;
  readonly #eachRegion = new EachRegion<ResolvedLogGroups>();
  readonly #partitions: PartitionCache<StreamOrigins>;

  constructor(options: CloudWatchLogsOptions, context: SourceContext, metadataUri: string | undefined) {
    this.collect = collectSettings(options);
    this.#context = context;
    this.#account = context.accounts.get(options.account);
    this.#regions = [...new Set(options.regions ?? this.#account.regions)];
    this.#dataSource = options.source ?? context.id;
    this.#filter = streamFilter(options);
    this.#names = parseNamePatterns(options.log_groups);
    this.#exclude = parseNamePatterns(options.exclude);
    this.#metadataUri = metadataUri;
    this.#resolver = new LogGroupResolver(this.#account);
    this.#similar = new SimilarLogGroups(this.#account);
    this.#partitions = new PartitionCache({
      sourceId: context.id,
      logger: context.logger,
      metrics: context.metrics,
    });
  }

  async discover(signal: AbortSignal): Promise<Discovery> {
    const own = await findOwnLogs(this.#metadataUri, signal);
    const { values, warnings } = await this.#eachRegion.ask(
      this.#regions,
      (region) => this.#resolver.resolve(region, this.#selection(own), signal),
      signal,
    );
    const unmatched = await this.#unmatched(values, signal);
    const partitions = values.flatMap(({ value }) =>
      value.groups.map((group) => this.#partition(group, own)),
    );
    this.#partitions.retain(partitions);
    return {
      partitions,
      skipped: values.flatMap(({ value }) => value.skipped),
      missing: unmatched.missing,
      warnings: [...warnings, ...values.flatMap(({ value }) => value.warnings), ...unmatched.warnings],
    };
  }

  async check(signal: AbortSignal): Promise<CheckReport> {
    const identity = await checkIdentity(this.#account, signal);
    if (identity.status === 'failed') return [identity];
    const own = await findOwnLogs(this.#metadataUri, signal);
    const items: CheckItem[] = [identity];
    const values: RegionValue<ResolvedLogGroups>[] = [];
    for (const region of this.#regions) {
      const title = `List log groups of ${region}`;
      try {
        const value = await this.#resolver.resolve(region, this.#selection(own), signal);
        values.push({ region, value });
        if (value.warnings.length === 0)
          items.push({ status: 'ok', title, detail: `${value.groups.length} to read` });
        items.push(...value.warnings.map((warning): CheckItem => ({ status: 'warning', ...warning })));
        const now = this.#context.clock.now();
        items.push(...(await checkAllReadable(this.#account, value.groups, this.#filter, now, signal)));
      } catch (thrown) {
        items.push(failedItem(title, thrown, signal));
      }
    }
    return [...items, ...(await this.#checkUnread(values, signal))];
  }

  close(): Promise<void> {
    // Connections belong to the account.
    return Promise.resolve();
  }

  /** Nothing is known to be missing while a Region has not answered. */
  async #unmatched(
    values: readonly RegionValue<ResolvedLogGroups>[],
    signal: AbortSignal,
  ): Promise<UnmatchedNotices> {
    if (values.length < this.#regions.length) return { missing: [], warnings: [] };
    const regions = values.map(({ region }) => region);
    const suggest = (name: string) => this.#similar.suggest(name, regions, signal);
    return await unmatchedNotices(this.#names, values, suggest);
  }

  /** What was asked for and is not read. */
  async #checkUnread(
    values: readonly RegionValue<ResolvedLogGroups>[],
    signal: AbortSignal,
  ): Promise<readonly CheckItem[]> {
    const { missing, warnings } = await this.#unmatched(values, signal);
    return [
      ...values
        .flatMap(({ value }) => value.skipped)
        .map(
          ({ title, reason, fix }): CheckItem => ({
            status: 'warning',
            title,
            detail: reason,
            ...(fix !== undefined && { fix }),
          }),
        ),
      ...warnings.map((warning): CheckItem => ({ status: 'warning', ...warning })),
      ...missing.map(
        ({ title, reason, fix }): CheckItem => ({
          status: 'failed',
          code: 'AWS_NOT_FOUND',
          title,
          detail: reason,
          fix,
        }),
      ),
    ];
  }

  #selection(own: OwnLogs | undefined): LogGroupSelection {
    return { names: this.#names, exclude: this.#exclude, ownGroupArn: own?.groupArn };
  }

  #partition(group: LogGroup, own: OwnLogs | undefined) {
    const ownStream = own?.groupArn === group.arn ? own.stream : undefined;
    const api = this.#account.logs(group.region);
    return this.#partitions.entry(group, this.#filter, api, () =>
      namedStreams(group, this.#dataSource, ownStream),
    ).partition;
  }
}

function streamFilter(options: CloudWatchLogsOptions): StreamFilter {
  const { log_stream_prefix, log_streams, filter_pattern } = options;
  return {
    ...(log_stream_prefix !== undefined && { streamPrefix: log_stream_prefix }),
    ...(log_streams !== undefined && { streamNames: log_streams }),
    ...(filter_pattern !== undefined && { filterPattern: filter_pattern }),
  };
}
