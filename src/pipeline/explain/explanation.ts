import type { TimeRange } from '../../contracts/checkpoint.ts';
import type { LatenessSummary } from '../../source-kit/lateness.ts';
import type { CoverageState, GapReason } from '../coverage/coverage.ts';
import type { DeliveryFate } from './find-delivery.ts';

export interface ExplainRequest extends TimeRange {
  /** Only events that contain it, in whatever case. */
  readonly text?: string;
}

/** What a destination has of a record that was read. `in_store`: it was looked up there; `not_in_store`: it is not there. */
export type DestinationFate =
  | DeliveryFate
  | { readonly kind: 'dropped'; readonly component: string; readonly reason: string }
  | { readonly kind: 'in_store' }
  | { readonly kind: 'not_in_store' };

/** What became of an event, in the order in which it is looked at. */
export type EventFate =
  /** Its stream is not selected. */
  | { readonly kind: 'left_out'; readonly reason: string; readonly because: string }
  /** Its stream would be, but the source reads less of the group. */
  | { readonly kind: 'filtered'; readonly filter: string }
  | { readonly kind: 'before_start' }
  | { readonly kind: 'gap'; readonly reason: GapReason }
  | { readonly kind: 'pending' }
  /** Shown after it was looked for; it is looked for again until it is sealed. */
  | { readonly kind: 'not_yet' }
  /** Its time was sealed without it. */
  | { readonly kind: 'too_late'; readonly isCertain: boolean }
  | { readonly kind: 'missed' }
  /** Sealed, and not told any more which events were read. */
  | { readonly kind: 'unknown' }
  | {
      readonly kind: 'read';
      /** The record of which it is a part, and what made it so. */
      readonly joinedInto?: { readonly id: string; readonly component: string };
      readonly destinations: Readonly<Record<string, DestinationFate>>;
    };

export interface EventExplanation {
  readonly id: string;
  readonly stream: string;
  readonly timestampMillis: number;
  readonly ingestedMillis: number;
  /** Its beginning. */
  readonly message: string;
  readonly fate: EventFate;
  readonly summary: string;
  readonly next?: string;
}

/** A log group as one source reads it. */
export interface PartitionExplanation {
  readonly source: string;
  readonly title: string;
  readonly filter?: string;
  readonly retentionMillis?: number;
  readonly maxLatenessMillis: number;
  /** Of the minutes of the range, the one that asks most for a look. */
  readonly state: CoverageState;
  readonly gapReason?: GapReason;
  readonly coveredFromMillis?: number;
  readonly watermarkMillis?: number;
  readonly headMillis?: number;
  readonly lateness?: LatenessSummary;
  /** Events that the service shows in the range, with the text; `isWhole`: all of it was looked at. */
  readonly found: number;
  readonly isWhole: boolean;
  /** Events with the text that only GetLogEvents shows. */
  readonly foundByStream: number;
  /** When the text was not found in the range: where it is nearest. */
  readonly elsewhereMillis?: number;
  /** Events that were read in the minutes of the range. */
  readonly read: number;
  /** The first of those found. */
  readonly events: readonly EventExplanation[];
}

/** A stable word for the whole of it. */
export type Verdict =
  | 'group_unknown'
  | 'group_not_read'
  | 'not_in_cloudwatch'
  | EventFate['kind']
  | 'no_destination'
  | 'dropped'
  | 'dead_letter'
  | 'waiting'
  | 'delivered'
  | 'several';

export interface Explanation extends ExplainRequest {
  readonly group: string;
  readonly verdict: Verdict;
  readonly summary: string;
  readonly next?: string;
  readonly partitions: readonly PartitionExplanation[];
  /** What could not be looked at, and why. */
  readonly notes: readonly string[];
}
