import type { LogRecord } from '../record/log-record.ts';
import type { CheckReport } from './check-report.ts';
import type { Checkpoint, TimeRange } from './checkpoint.ts';

/** In the order in which the request budget serves them, first to last. */
export const READ_PRIORITIES = ['expiring', 'live', 'sweep', 'backfill', 'audit'] as const;
export type ReadPriority = (typeof READ_PRIORITIES)[number];

/** A piece of a partition that is read whole. */
export interface Slice extends TimeRange {
  readonly priority: ReadPriority;
}

/** One reply of the service. */
export interface Page {
  readonly records: readonly LogRecord[];
  /** Events of the reply, those that are left out included: what reading the page cost. */
  readonly events: number;
  /** The service's clock when it answered (its Date header), or the local one where it tells none. */
  readonly serverMillis: number;
}

/**
 * What has a checkpoint of its own: one log group of one account and Region. Cheap to make: a source may have
 * thousands.
 */
export interface Partition {
  /**
   * Names the checkpoint, for ever: made from what identifies the log group (its ARN), never from what it is filed
   * under. A group that is deleted and made again keeps it, so that nothing is read twice.
   */
  readonly key: string;
  /** For people: `/ecs/api (cn-north-1)`. */
  readonly title: string;
  /** How long the service keeps events, milliseconds; undefined = for ever, or unknown. */
  readonly retentionMillis?: number;
  /** When it came into being, Unix milliseconds: tells one that was deleted and made again. Undefined = unknown. */
  readonly createdMillis?: number;
  /** When the service last told so, in its own time; undefined where createdMillis is. */
  readonly describedMillis?: number | undefined;
  /**
   * From when on what is selected of it is what it is now, Unix milliseconds: before, other streams of it may have been
   * read. Left out where the key itself says what is selected.
   */
  readonly selectedSinceMillis?: number;

  /**
   * Reads a slice page by page, until the service says that it is over. An empty page is a page. The order of
   * records is the service's; repeats are allowed (the caller drops what it has seen). The caller abandons the
   * slice by returning from the loop early.
   *
   * Throws LogferryError: what can be retried was retried within reason; after an error the slice counts as not
   * read, and will be asked for again from its start.
   */
  read(slice: Slice, signal: AbortSignal): AsyncIterable<Page>;

  /**
   * The same events by another way of asking the service, to compare with. At the lowest priority. Their ids are made of
   * their content, and are not those of `read`. Throws as `read` does, while the pages are taken too.
   */
  recount?(range: TimeRange, signal: AbortSignal): Promise<Recount>;

  /** What narrows reading, for people: `streams that begin with "app/"`. Left out when nothing does. */
  readonly filterText?: string;

  /**
   * Every event of a range, whether it is selected or not, to tell of one what becomes of it. Pages as the service makes
   * them; throws as `read` does.
   */
  inspect?(inspection: Inspection, signal: AbortSignal): AsyncIterable<readonly InspectedEvent[]>;
}

export interface Inspection extends TimeRange {
  /** Only events that contain this text, in this case, as the service finds it. Default: all. */
  readonly containing?: string;
}

export interface InspectedEvent {
  readonly id: string;
  readonly stream: string;
  readonly timestampMillis: number;
  readonly ingestedMillis: number;
  readonly message: string;
  /** What it is read as; left out when its stream is not selected. Filters of the partition are not looked at. */
  readonly record?: LogRecord;
  readonly leftOut?: { readonly reason: string; readonly because: string };
}

export type Recount =
  | { readonly kind: 'pages'; readonly pages: AsyncIterable<Page> }
  | { readonly kind: 'impossible'; readonly reason: RecountObstacle };

/** filter_pattern: only `read` can filter. too_many_streams: asking each of them would cost too much. denied: it may not be asked. */
export type RecountObstacle = 'filter_pattern' | 'too_many_streams' | 'denied';

export interface Discovery {
  /** Everything that is to be read now. What is missing from it is read to its end and then no longer. */
  readonly partitions: readonly Partition[];
  /** What is there but is not read, and why (denied, other log driver, class that cannot be read). */
  readonly skipped: readonly { readonly title: string; readonly reason: string; readonly fix?: string }[];
  /**
   * What was named exactly and is nowhere: mistyped, most likely, or not made yet; it is read as soon as it is there. An
   * error of the source, unlike a pattern that matches nothing yet.
   */
  readonly missing: readonly { readonly title: string; readonly reason: string; readonly fix: string }[];
  /** Discovery worked, but with less than was asked for. Shown as warnings. */
  readonly warnings: readonly { readonly title: string; readonly detail: string; readonly fix?: string }[];
}

/** Where to begin and how often to look, from the source's options. */
export interface CollectSettings {
  /** Relative start without a checkpoint, milliseconds before now (positive). */
  readonly startBeforeMillis: number;
  /** Wait between two reads of a partition's head. */
  readonly everyMillis: number;
  /** Longest wait where nothing new comes; everyMillis when that is longer. */
  readonly idleEveryMillis: number;
  /** Cron expression in place of `every`. */
  readonly schedule?: string;
  readonly timeZone?: string;
  /** Latest lateness that is still looked for by sweeping. */
  readonly maxLatenessMillis: number;
  /** Wait between two discoveries. */
  readonly discoverEveryMillis: number;
}

/** A source that asks. It saves nothing, keeps no cursor, and may be asked for any slice at any time. */
export interface PullSource {
  readonly collect: CollectSettings;
  /**
   * Called at the start and then every discoverEveryMillis, never twice at once. Partitions that are known already
   * are recognised by their key. Throws LogferryError when nothing at all can be found out; the partitions known
   * so far are read on.
   */
  discover(signal: AbortSignal): Promise<Discovery>;
  /** Looks whether it would work, with requests that change nothing. Never throws but when aborted. */
  check(signal: AbortSignal): Promise<CheckReport>;
  close(): Promise<void>;
}

/** The pure half of reading: which slices to read next. Implemented once, in source-kit. */
export type Plan = (checkpoint: Checkpoint, nowMillis: number) => readonly Slice[];
