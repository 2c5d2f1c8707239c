import { NOTHING_COUNTED, type Transform, type TransformResult } from '../../contracts/transform.ts';
import type { LogRecord, Origin } from '../../record/log-record.ts';
import { type Grammar, lineOf } from './grammar.ts';
import { addLine, fromState, type HeldEvent, hold, release, toState } from './held-event.ts';

export interface JoinSettings {
  readonly grammar: Grammar;
  /** A joined event is cut before it grows beyond. */
  readonly maxBytes: number;
  /** How long the next line is waited for, and how far apart in event time lines of one event may be. */
  readonly maxWaitMillis: number;
  /** A record of several lines was joined by somebody else: nothing is added to it. */
  readonly keepsJoined: boolean;
}

/** Bounds of what is held for a partition, all streams together; the event that waited longest goes first. */
const MAX_HELD_EVENTS = 1000;
const MAX_HELD_BYTES = 4 * 1024 * 1024;
const MAX_TENTATIVE_LINES = 20;
const MAX_TENTATIVE_LENGTH = 8 * 1024;

export class LineJoiner implements Transform {
  readonly #settings: JoinSettings;

  constructor(settings: JoinSettings) {
    this.#settings = settings;
  }

  apply(records: readonly LogRecord[], state: unknown, nowMillis: number): TransformResult {
    if (records.length === 0 && state === undefined) {
      return { kept: records, dropped: NOTHING_COUNTED, failed: NOTHING_COUNTED, state: undefined };
    }
    const pass = new JoinPass(this.#settings, fromState(state, nowMillis), nowMillis);
    const streams = new Map<Origin, string>();
    for (const record of records) {
      let stream = streams.get(record.origin);
      if (stream === undefined) {
        stream = streamKey(record.origin);
        streams.set(record.origin, stream);
      }
      pass.take(stream, record);
    }
    return pass.end();
  }
}

/** Joins nothing more, and gives back at once what is held: lines are no longer to be joined. */
export const heldLinesReleaser: Transform = new LineJoiner({
  grammar: { language: 'none', start: () => undefined, next: () => undefined },
  maxBytes: Number.POSITIVE_INFINITY,
  maxWaitMillis: 0,
  keepsJoined: false,
});

/** One call: what is held, and what goes on. */
class JoinPass {
  readonly #settings: JoinSettings;
  /** Touched longest ago first: an event that gets a line moves to the end. */
  readonly #held: Map<string, HeldEvent>;
  readonly #nowMillis: number;
  #heldBytes = 0;
  readonly #kept: LogRecord[] = [];
  #newestMillis = Number.NEGATIVE_INFINITY;
  #isOrdered = true;
  /** Event time of the newest line of this call. */
  #takenMillis = Number.NEGATIVE_INFINITY;

  constructor(settings: JoinSettings, held: Map<string, HeldEvent>, nowMillis: number) {
    this.#settings = settings;
    this.#held = held;
    this.#nowMillis = nowMillis;
    for (const event of held.values()) this.#heldBytes += event.bytes;
  }

  take(stream: string, record: LogRecord): void {
    if (record.timestampMillis > this.#takenMillis) this.#takenMillis = record.timestampMillis;
    const line = lineOf(record.message);
    const key = this.#held.size === 0 ? stream : this.#slotKey(stream, record);
    const event = this.#held.get(key);
    if (event !== undefined) {
      if (this.#goOn(event, record, line)) return;
      this.#release(event);
    }
    this.#begin(key, record, line);
  }

  end(): TransformResult {
    const { maxWaitMillis } = this.#settings;
    let wakeAtMillis = Number.POSITIVE_INFINITY;
    for (const event of this.#held.values()) {
      const dueMillis = event.touchedMillis + maxWaitMillis;
      if (dueMillis <= this.#nowMillis && this.#isPassed(event)) this.#release(event);
      else wakeAtMillis = Math.min(wakeAtMillis, dueMillis);
    }
    return {
      // Stable: what one stream wrote within a millisecond stays in order.
      kept: this.#isOrdered ? this.#kept : this.#kept.sort((a, b) => a.timestampMillis - b.timestampMillis),
      dropped: NOTHING_COUNTED,
      failed: NOTHING_COUNTED,
      state: toState(this.#held.values()),
      ...(Number.isFinite(wakeAtMillis) && { wakeAtMillis }),
    };
  }

  /** While reading catches up and has not come to the event's time, its next line may be in the next batch. */
  #isPassed({ lastMillis }: HeldEvent): boolean {
    return this.#takenMillis === Number.NEGATIVE_INFINITY || this.#takenMillis >= lastMillis;
  }

  /**
   * A line older than what its stream holds is late: it was read by a sweep, and has a slot of its own so that it
   * neither joins nor interrupts the newer event.
   */
  #slotKey(stream: string, record: LogRecord): string {
    const newer = this.#held.get(stream);
    if (newer !== undefined && record.timestampMillis >= newer.record.timestampMillis) return stream;
    const late = `${stream}\nlate`;
    return newer !== undefined || this.#held.has(late) ? late : stream;
  }

  #goOn(event: HeldEvent, record: LogRecord, line: string): boolean {
    const { grammar, maxWaitMillis, maxBytes } = this.#settings;
    if (record.timestampMillis - event.lastMillis > maxWaitMillis || this.#isJoined(record)) return false;
    const step = grammar.next(event.phase, line);
    if (step === undefined) return false;
    if (step.tentative === true) {
      const isTooMuch =
        event.tentative.length >= MAX_TENTATIVE_LINES || record.message.length > MAX_TENTATIVE_LENGTH;
      if (isTooMuch) return false;
    }
    const bytes = Buffer.byteLength(record.message) + 1;
    if (event.bytes + bytes > maxBytes) {
      this.#release(event);
      if (bytes < maxBytes) this.#hold(event.key, record, step.phase);
      else this.#keep(record);
      return true;
    }
    if (step.tentative === true) event.tentative.push(record);
    else addLine(event, record);
    event.phase = step.phase;
    event.bytes += bytes;
    event.lastMillis = Math.max(event.lastMillis, record.timestampMillis);
    event.touchedMillis = this.#nowMillis;
    this.#held.delete(event.key);
    this.#held.set(event.key, event);
    this.#heldBytes += bytes;
    this.#evict();
    return true;
  }

  #begin(key: string, record: LogRecord, line: string): void {
    const { grammar, maxBytes } = this.#settings;
    const phase = grammar.start(line);
    if (phase === undefined || this.#isJoined(record) || Buffer.byteLength(record.message) >= maxBytes)
      this.#keep(record);
    else this.#hold(key, record, phase);
  }

  #hold(key: string, record: LogRecord, phase: string): void {
    const event = hold(key, record, phase, this.#nowMillis);
    this.#held.set(key, event);
    this.#heldBytes += event.bytes;
    this.#evict();
  }

  #evict(): void {
    while (this.#held.size > MAX_HELD_EVENTS || this.#heldBytes > MAX_HELD_BYTES) {
      const oldest = this.#held.values().next().value;
      if (oldest === undefined) return;
      this.#release(oldest);
    }
  }

  #release(event: HeldEvent): void {
    this.#held.delete(event.key);
    this.#heldBytes -= event.bytes;
    for (const record of release(event)) this.#keep(record);
  }

  #keep(record: LogRecord): void {
    if (record.timestampMillis < this.#newestMillis) this.#isOrdered = false;
    else this.#newestMillis = record.timestampMillis;
    this.#kept.push(record);
  }

  #isJoined({ message }: LogRecord): boolean {
    if (!this.#settings.keepsJoined) return false;
    const breakAt = message.indexOf('\n');
    return breakAt !== -1 && breakAt < message.length - 1;
  }
}

/** Streams are told apart by name; where there is none, by everything that is known of the origin. */
function streamKey({ source, tags }: Origin): string {
  const { log_group: group, log_stream: stream } = tags;
  if (stream !== undefined) return JSON.stringify([source, group ?? '', stream, tags['aws_region'] ?? '']);
  return JSON.stringify([
    source,
    ...Object.entries(tags)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .flat(),
  ]);
}
