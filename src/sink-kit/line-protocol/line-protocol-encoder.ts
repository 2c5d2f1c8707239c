/**
 * Records as line protocol, the way DataKit and Dataway take it (`precision=n`):
 *
 *   measurement,host=…,tag=value message="…",event_id="…",status="info",field=1i 1700000000000000000
 *
 * Whatever a record holds, its line is one that the destination accepts:
 * - Keys: `.` becomes `_`. `source` and `date`, which DataKit drops, and names of our own fields get `_tag` or `_field`
 *   appended; so does a field that has the name of a tag. Two keys that become the same: `_2`, `_3` …
 * - Tag values: control characters become spaces, a backslash that would escape what follows becomes `/`; empty
 *   ones are left out.
 * - Field strings: NUL and lone surrogates become U+FFFD. NaN and infinities are written as strings.
 * - A message over 838,860 bytes is cut on a character boundary and marked with `message_truncated=true` and
 *   `message_bytes`, its length before. Other fields share what is left of 1 MiB.
 */
import type { LogRecord } from '../../record/log-record.ts';
import { FieldWriter } from './field-writer.ts';
import { KnownOrigins } from './known-origins.ts';
import type { NanosecondOrder } from './nanosecond-order.ts';

const FIRST_SCRATCH_BYTES = 1 << 20;
/** What a larger scratch buffer is let go at, so that one giant batch does not stay in memory. */
const MAX_KEPT_SCRATCH_BYTES = 16 << 20;

export interface EncodedPoints {
  readonly body: Buffer;
  /** Messages that were cut. */
  readonly truncated: number;
  /** Tags (once a record) and fields left out because they had no name or did not fit. */
  readonly droppedKeys: number;
}

export interface LineProtocolOptions {
  /** Put on every point; they win over an origin's own. */
  readonly extraTags?: Readonly<Record<string, string>>;
}

export class LineProtocolEncoder {
  readonly #origins: KnownOrigins;
  readonly #fields = new FieldWriter();
  #scratch: Buffer = Buffer.allocUnsafe(0);

  constructor(options: LineProtocolOptions = {}) {
    this.#origins = new KnownOrigins(options.extraTags ?? {});
  }

  /**
   * Lines in the order of the records. Never throws. Encode batches once each and in the order in which they are to be
   * seen: the nanoseconds of one go on from those of the last.
   */
  encode(records: readonly LogRecord[]): EncodedPoints {
    let at = 0;
    let truncated = 0;
    let droppedKeys = 0;
    for (const record of records) {
      const { prefix, order } = this.#origins.get(record.origin);
      const fields = this.#fields.write(record, prefix);
      if (fields.truncated) truncated++;
      droppedKeys += prefix.droppedTags + fields.dropped;
      at = this.#append(`${prefix.text} ${fields.text}${timestamp(record, order)}\n`, at);
    }
    // A copy: the scratch buffer is written again while the body is still being compressed on another thread.
    const body = Buffer.from(this.#scratch.subarray(0, Math.max(0, at - 1)));
    if (this.#scratch.length > MAX_KEPT_SCRATCH_BYTES) this.#scratch = Buffer.allocUnsafe(0);
    return { body, truncated, droppedKeys };
  }

  /** One write a line: native calls cost more than joining strings. */
  #append(line: string, at: number): number {
    if (at + line.length * 3 > this.#scratch.length) this.#grow(at, at + line.length * 3);
    return at + this.#scratch.write(line, at, 'utf8');
  }

  #grow(usedBytes: number, neededBytes: number): void {
    const bytes = Math.max(FIRST_SCRATCH_BYTES, this.#scratch.length * 2, neededBytes);
    const larger = Buffer.allocUnsafeSlow(bytes);
    this.#scratch.copy(larger, 0, 0, usedBytes);
    this.#scratch = larger;
  }
}

/** A time that is no number is left out: the destination then takes its own. */
function timestamp(record: LogRecord, order: NanosecondOrder): string {
  const millis = Number.isFinite(record.timestampMillis) ? record.timestampMillis : record.ingestedMillis;
  return Number.isFinite(millis) ? ` ${order.next(Math.trunc(millis))}` : '';
}
