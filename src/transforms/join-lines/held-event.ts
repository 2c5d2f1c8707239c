/**
 * An event whose next line may yet come. Stored with the checkpoint (transform state of join_lines):
 *
 *   { "version": 1, "held": [HeldEvent …] }     oldest touched first
 *
 * Invariants: nothing that was taken in is lost: an event leaves as one record, its tentative lines within or after it.
 */
import { type LogRecord, withMessage } from '../../record/log-record.ts';

export interface HeldEvent {
  /** Stream and slot: see slotKey. */
  readonly key: string;
  /** The first line's record; its message grows. */
  record: LogRecord;
  /** UTF-8, tentative lines included. */
  bytes: number;
  lines: number;
  phase: string;
  /** Event time of the last line. */
  lastMillis: number;
  /** When the last line was taken in. */
  touchedMillis: number;
  /** Lines that belong only if a later one says so. */
  tentative: LogRecord[];
}

interface StoredEvents {
  readonly version: 1;
  readonly held: readonly HeldEvent[];
}

export function toState(held: Iterable<HeldEvent>): StoredEvents | undefined {
  const events = [...held];
  return events.length === 0 ? undefined : { version: 1, held: events };
}

/** Copies: the state that was given stays as it was, should the work be done again. */
export function fromState(state: unknown, nowMillis: number): Map<string, HeldEvent> {
  const stored = state as Partial<StoredEvents> | undefined;
  const held = stored?.version === 1 && Array.isArray(stored.held) ? stored.held.filter(isHeldEvent) : [];
  return new Map(
    held.map((event) => [
      event.key,
      {
        ...event,
        tentative: [...event.tentative],
        // A clock that was set back must not make anything wait for longer.
        touchedMillis: Math.min(event.touchedMillis, nowMillis),
      },
    ]),
  );
}

/** The state was written by this file; what is not of its shape is nothing that could be handed on. */
function isHeldEvent(event: Partial<HeldEvent> | null): event is HeldEvent {
  return typeof event?.record?.message === 'string' && Array.isArray(event.tentative);
}

export function hold(key: string, record: LogRecord, phase: string, nowMillis: number): HeldEvent {
  return {
    key,
    record,
    bytes: Buffer.byteLength(record.message),
    lines: 1,
    phase,
    lastMillis: record.timestampMillis,
    touchedMillis: nowMillis,
    tentative: [],
  };
}

/** Adds a line, the tentative ones before it first. Line ends that came with the lines are not doubled. */
export function addLine(event: HeldEvent, record: LogRecord): void {
  if (event.lines === 1)
    event.record = withMessage(event.record, withoutEnd(event.record.message), event.record.fields);
  for (const one of [...event.tentative, record]) {
    const message = `${event.record.message}\n${withoutEnd(one.message)}`;
    event.record = withMessage(event.record, message, event.record.fields);
    event.lines++;
  }
  event.tentative = [];
}

function withoutEnd(message: string): string {
  return message.endsWith('\n') ? message.slice(0, -1) : message;
}

/** The event as it goes on, with the tentative lines that nothing confirmed as records of their own. */
export function release(event: HeldEvent): LogRecord[] {
  const { record, lines, tentative } = event;
  const whole = lines === 1 ? record : withMessage(record, record.message, { ...record.fields, lines });
  return [whole, ...tentative];
}
