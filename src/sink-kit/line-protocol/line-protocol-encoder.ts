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
import { ScratchBuffers } from '../../foundation/scratch-buffers.ts';
import type { LogRecord } from '../../record/log-record.ts';
import { FieldWriter } from './field-writer.ts';
import { KnownOrigins } from './known-origins.ts';
import type { NanosecondOrder } from './nanosecond-order.ts';

/** No UTF-16 unit becomes more bytes of UTF-8. */
const MAX_UNIT_BYTES = 3;
/** As many as a sink may have under way. */
const MAX_SCRATCH_KEPT = 2;

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
  readonly #scratch = new ScratchBuffers(MAX_SCRATCH_KEPT);

  constructor(options: LineProtocolOptions = {}) {
    this.#origins = new KnownOrigins(options.extraTags ?? {});
  }

  /**
   * Lines in the order of the records. Never throws. Encode batches once each and in the order in which they are to be
   * seen: the nanoseconds of one go on from those of the last.
   */
  encode(records: readonly LogRecord[]): EncodedPoints {
    let bytes = this.#scratch.take();
    let at = 0;
    let truncated = 0;
    let droppedKeys = 0;
    for (const record of records) {
      const { prefix, order } = this.#origins.get(record.origin);
      const fields = this.#fields.write(record, prefix);
      if (fields.truncated) truncated++;
      droppedKeys += prefix.droppedTags + fields.dropped;
      const line = `${prefix.text} ${fields.text}${timestamp(record, order)}\n`;
      const neededBytes = at + line.length * MAX_UNIT_BYTES;
      if (neededBytes > bytes.length) bytes = this.#scratch.grow(bytes, at, neededBytes);
      // One write a line: native calls cost more than joining strings.
      at += bytes.write(line, at, 'utf8');
    }
    return { body: bytes.subarray(0, Math.max(0, at - 1)), truncated, droppedKeys };
  }

  /** The memory of a body that nobody reads any more; another batch is encoded into it. May be left out. */
  reuse(body: Buffer): void {
    this.#scratch.giveBack(body);
  }
}

/** A time that is no number is left out: the destination then takes its own. */
function timestamp(record: LogRecord, order: NanosecondOrder): string {
  const millis = Number.isFinite(record.timestampMillis) ? record.timestampMillis : record.ingestedMillis;
  return Number.isFinite(millis) ? ` ${order.next(Math.trunc(millis))}` : '';
}
