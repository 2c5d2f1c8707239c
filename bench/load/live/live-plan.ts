import type { Gears } from './geared-clock.ts';
import type { GroupSet } from './live-groups.ts';

/** Of the scenario's time, Unix milliseconds; the end does not belong to it. */
export interface TimeWindow {
  readonly fromMillis: number;
  readonly toMillis: number;
}

/** What the other side of a live scenario plays, and when what is measured. Passes through command lines as JSON. */
export interface LivePlan {
  /** Ignored where time is simulated, but for its start. */
  readonly gears: Gears;
  readonly groups: readonly GroupSet[];
  /** What is measured, after a steady state has come. */
  readonly window: TimeWindow;
  /** By when everything must have arrived: some time after the last event has become visible. */
  readonly endMillis: number;
  /** That an answer to FilterLogEvents takes, beside its making; 0 where time is simulated. */
  readonly replyMillis: number;
}
