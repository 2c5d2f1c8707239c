import { hashText } from '../../foundation/hash.ts';
import { type LogRecord, makeRecord, type Origin } from '../../record/log-record.ts';

/** An event whose types were looked at; its message is as it came. */
export interface ReadEvent {
  readonly stream: string;
  readonly timestampMillis: number;
  readonly ingestedMillis: number;
  readonly message: string;
  /** undefined = the service gave none. */
  readonly id: string | undefined;
  /** Something was missing or of a wrong type, and was made up for. */
  readonly repaired: boolean;
}

/**
 * Makes of an event what can be made of it; undefined when there is no time by which it could be filed. The reply
 * is parsed JSON that no schema has seen, so that every type may be wrong.
 */
export function readEvent(event: unknown): ReadEvent | undefined {
  if (typeof event !== 'object' || event === null) return undefined;
  const raw = event as Readonly<Record<string, unknown>>;
  const timestamp = toMillis(raw['timestamp']);
  const ingested = toMillis(raw['ingestionTime']);
  const timestampMillis = timestamp ?? ingested;
  if (timestampMillis === undefined) return undefined;
  const { message, logStreamName: stream, eventId: id } = raw;
  const sound = timestamp !== undefined && typeof message === 'string' && typeof stream === 'string';
  return {
    stream: typeof stream === 'string' ? stream : '',
    timestampMillis,
    ingestedMillis: ingested ?? timestampMillis,
    message: typeof message === 'string' ? message : toText(message),
    id: typeof id === 'string' && id !== '' ? id : undefined,
    repaired: !sound,
  };
}

export function toRecord(event: ReadEvent, id: string, origin: Origin): LogRecord {
  return makeRecord(id, event.timestampMillis, event.ingestedMillis, event.message, origin);
}

/**
 * Ids for events that came without: the same event gets the same id whenever the slice around it is read. Events
 * that are equal in everything are told apart by their ordinal, which is stable because a slice holds all events of
 * a millisecond or none. One instance for each reading of a slice.
 */
export class MadeIds {
  readonly #ordinals = new Map<string, number>();

  idOf(event: ReadEvent): string {
    const hash = hashText(
      `${event.stream}\n${event.timestampMillis}\n${event.ingestedMillis}\n${event.message}`,
    );
    const ordinal = this.#ordinals.get(hash) ?? 0;
    this.#ordinals.set(hash, ordinal + 1);
    return `made-${event.timestampMillis}-${hash}-${ordinal}`;
  }
}

/** What a Date can hold. */
const MAX_MILLIS = 8.64e15;

function toMillis(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number) || Math.abs(number) > MAX_MILLIS)
    return undefined;
  return Math.trunc(number);
}

function toText(value: unknown): string {
  return value === undefined || value === null ? '' : JSON.stringify(value);
}
