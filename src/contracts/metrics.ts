/**
 * Every metric of the process, in one table: what /metrics serves and what docs/reference/metrics.md lists.
 * Prometheus naming: base units, `_total` for counters.
 */
export const METRICS = {
  logferry_fetched_records_total: {
    kind: 'counter',
    labels: ['source'],
    help: 'Records read from the source, repeated ones included.',
  },
  logferry_duplicate_records_total: {
    kind: 'counter',
    labels: ['source'],
    help: 'Records that were read again in an overlap and known by their id.',
  },
  logferry_committed_records_total: {
    kind: 'counter',
    labels: ['topic'],
    help: 'Records made durable in the spool.',
  },
  logferry_dropped_records_total: {
    kind: 'counter',
    labels: ['component', 'reason'],
    help: 'Records that a transform dropped, by reason.',
  },
  logferry_transform_failures_total: {
    kind: 'counter',
    labels: ['component', 'reason'],
    help: 'Records that a transform could not treat and passed on unchanged.',
  },
  logferry_source_lag_seconds: {
    kind: 'gauge',
    labels: ['source'],
    help: 'Age of the oldest event time that was not read yet, of the partition that is furthest behind.',
  },
  logferry_source_errors_total: {
    kind: 'counter',
    labels: ['source', 'code'],
    help: 'Failed reads, by error code.',
  },
  logferry_source_blocked_partitions: {
    kind: 'gauge',
    labels: ['source'],
    help: 'Partitions that cannot be read until somebody acts (denied, expired credentials).',
  },
  logferry_source_expiring_partitions: {
    kind: 'gauge',
    labels: ['source'],
    help: 'Log groups whose unread events will expire in CloudWatch Logs before they are read, as reading goes on now: within a day, or half of the retention.',
  },
  logferry_source_partitions: { kind: 'gauge', labels: ['source'], help: 'Log groups that are read.' },
  logferry_gaps_total: {
    kind: 'counter',
    labels: ['source', 'reason'],
    help: 'Ranges of time that could not be read.',
  },
  logferry_coverage_seconds: {
    kind: 'gauge',
    labels: ['source', 'state'],
    help: 'Of the last 24 hours of event time of all log groups that are read, how much is sealed, open, pending, or a gap; what lies before reading began is left out.',
  },
  logferry_audited_minutes_total: {
    kind: 'counter',
    labels: ['source', 'outcome'],
    help: 'Sealed minutes that were counted again: complete, missing (events were), or not_comparable.',
  },
  logferry_audit_missing_records_total: {
    kind: 'counter',
    labels: ['source'],
    help: 'Events that sealed minutes lacked when they were counted again.',
  },
  logferry_audit_repaired_records_total: {
    kind: 'counter',
    labels: ['source'],
    help: 'Of these, events that were read again and delivered.',
  },
  logferry_delivered_records_total: {
    kind: 'counter',
    labels: ['destination'],
    help: 'Records that the destination acknowledged.',
  },
  logferry_delivered_bytes_total: {
    kind: 'counter',
    labels: ['destination'],
    help: 'Bytes sent to the destination, as they went over the wire.',
  },
  logferry_dead_letters_total: {
    kind: 'counter',
    labels: ['destination', 'reason'],
    help: 'Records that the destination will never accept, or that were in a damaged entry of the spool (reason damaged), kept as dead letters.',
  },
  logferry_dead_letters: {
    kind: 'gauge',
    labels: ['destination'],
    help: 'Records kept as dead letters: neither sent again since nor discarded.',
  },
  logferry_dead_letter_bytes: {
    kind: 'gauge',
    labels: ['destination'],
    help: 'Bytes that dead letters take of the spool.',
  },
  logferry_dead_letters_discarded_total: {
    kind: 'counter',
    labels: ['destination'],
    help: 'Dead letters that somebody had discarded, by command or API.',
  },
  logferry_delivery_retries_total: {
    kind: 'counter',
    labels: ['destination', 'reason'],
    help: 'Batches that have to be sent again, by reason.',
  },
  logferry_delivery_seconds: {
    kind: 'histogram',
    labels: ['destination'],
    help: 'Time from sending a batch to its acknowledgement.',
    buckets: [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
  },
  logferry_waiting_records: {
    kind: 'gauge',
    labels: ['destination'],
    help: 'Records in the spool that the destination has not acknowledged.',
  },
  logferry_oldest_waiting_seconds: {
    kind: 'gauge',
    labels: ['destination'],
    help: 'How long the oldest record that the destination has not acknowledged has been in the spool.',
  },
  logferry_truncated_messages_total: {
    kind: 'counter',
    labels: ['destination'],
    help: 'Messages cut to the length that the destination accepts.',
  },
  logferry_spool_bytes: { kind: 'gauge', labels: [], help: 'Bytes in the spool, dead letters included.' },
  logferry_spool_max_bytes: { kind: 'gauge', labels: [], help: 'The bound of the spool.' },
  logferry_spool_full_seconds_total: {
    kind: 'counter',
    labels: [],
    help: 'Time for which reading waited because the spool was full.',
  },
  logferry_aws_requests_total: {
    kind: 'counter',
    labels: ['account', 'region', 'api', 'outcome'],
    help: 'Requests to AWS, by how they ended (ok, throttled, or an error code).',
  },
  logferry_aws_throttles_total: {
    kind: 'counter',
    labels: ['account', 'region', 'api'],
    help: 'Requests that AWS refused because of their rate.',
  },
  logferry_aws_budget_requests_per_second: {
    kind: 'gauge',
    labels: ['account', 'region', 'api'],
    help: 'The rate that the process allows itself.',
  },
  logferry_aws_budget_wait_seconds_total: {
    kind: 'counter',
    labels: ['account', 'region', 'api', 'priority'],
    help: 'Time that requests waited for their turn; by the second, it is how many wait.',
  },
  logferry_store_bytes: { kind: 'gauge', labels: ['destination'], help: 'Bytes of the log store on disk.' },
  logferry_store_records: { kind: 'gauge', labels: ['destination'], help: 'Records in the log store.' },
  logferry_store_expired_records_total: {
    kind: 'counter',
    labels: ['destination', 'reason'],
    help: 'Records that retention removed from the log store, by age or by bytes.',
  },
} as const satisfies Record<
  string,
  {
    readonly kind: 'counter' | 'gauge' | 'histogram';
    readonly labels: readonly string[];
    readonly help: string;
    readonly buckets?: readonly number[];
  }
>;

export type MetricName = keyof typeof METRICS;
type NameOfKind<Kind> = {
  [Name in MetricName]: (typeof METRICS)[Name]['kind'] extends Kind ? Name : never;
}[MetricName];
export type CounterName = NameOfKind<'counter'>;
export type GaugeName = NameOfKind<'gauge'>;
export type HistogramName = NameOfKind<'histogram'>;
export type LabelsOf<Name extends MetricName> = Readonly<
  Record<(typeof METRICS)[Name]['labels'][number], string>
>;

/** Where components report. Calls are cheap and never throw. */
export interface Metrics {
  count<Name extends CounterName>(name: Name, labels: LabelsOf<Name>, by?: number): void;
  set<Name extends GaugeName>(name: Name, labels: LabelsOf<Name>, value: number): void;
  observe<Name extends HistogramName>(name: Name, labels: LabelsOf<Name>, value: number): void;
}

export const noMetrics: Metrics = { count: () => {}, set: () => {}, observe: () => {} };
