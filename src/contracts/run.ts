/**
 *   queued ──> running ──> succeeded | failed | timed_out | cancelled
 *      │          └──────> lost        (its process died; said by whoever comes next)
 *      ├──> skipped                    (another run of the same source was under way)
 *      └──> cancelled
 */
export const RUN_STATES = [
  'queued',
  'running',
  'succeeded',
  'failed',
  'timed_out',
  'cancelled',
  'skipped',
  'lost',
] as const;
export type RunState = (typeof RUN_STATES)[number];

export const END_STATES: readonly RunState[] = [
  'succeeded',
  'failed',
  'timed_out',
  'cancelled',
  'skipped',
  'lost',
];

/** What a run did so far. Delivered and failed are by destination. */
export interface RunCounts {
  readonly fetched: number;
  readonly duplicate: number;
  readonly committed: number;
  readonly dropped: Readonly<Record<string, number>>;
  readonly delivered: Readonly<Record<string, number>>;
  readonly deadLetters: Readonly<Record<string, number>>;
}

export interface Run {
  readonly id: string;
  readonly kind: 'collect' | 'backfill';
  /** The source's id. */
  readonly source: string;
  readonly trigger: 'command' | 'schedule' | 'api';
  readonly state: RunState;
  /** The range it was asked for, where there was one. */
  readonly fromMillis?: number;
  readonly toMillis?: number;
  readonly createdAtMillis: number;
  readonly startedAtMillis?: number;
  readonly endedAtMillis?: number;
  /** Written every few seconds while it runs; old = lost. */
  readonly heartbeatAtMillis?: number;
  readonly pid?: number;
  readonly counts: RunCounts;
  /** How far: event time covered of the range, 0 … 1. */
  readonly progress?: number;
  /** What holds it up, while it runs. */
  readonly waitsFor?: string | undefined;
  readonly errorCode?: string;
  readonly error?: string;
  /** What it needs to go on after an interruption; its own business. */
  readonly parameters?: Readonly<Record<string, unknown>>;
}

export interface RunStore {
  create(run: Run): Promise<void>;
  /** Resolves to the run as it is after the change; undefined when there is none. A run in an end state is not changed. */
  update(id: string, change: Partial<Omit<Run, 'id'>>): Promise<Run | undefined>;
  get(id: string): Promise<Run | undefined>;
  /** Newest first. */
  list(filter: {
    readonly source?: string;
    readonly states?: readonly RunState[];
    readonly limit: number;
    readonly beforeMillis?: number;
  }): Promise<readonly Run[]>;
}
