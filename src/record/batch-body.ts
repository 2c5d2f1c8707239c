/**
 * The records of a batch as bytes, by column: an eighth of the time that JSON takes, and what is alike lies together
 * for the compression. Numbers are little-endian, as on every machine that Node.js runs on.
 *
 *   u32  n, the number of records
 *   u32  length of the head
 *        columns of n numbers each: f64 timestamp, f64 ingested, u32 mark of the message, u32 mark of the id,
 *        u32 index of the origin, u8 level: one more than its index, 0 = none
 *        head, JSON: { "origins": [[source, tags] …], "levels": [level …], "fields": [[record, fields] …],
 *                      "messages": [[record, message] …], "ids": [[record, id] …] }
 *        the messages, then the ids, in UTF-8: see text-column.ts
 *
 * What UTF-8 cannot hold (lone surrogates) stands in the head, which escapes them.
 *
 * Invariants: decode(encode(records)) equals records; records of one origin share one Origin object after decoding,
 * as before.
 */
import type { Level } from './level.ts';
import type { FieldValue, LogRecord, Origin } from './log-record.ts';
import { TextReader, TextWriter } from './text-column.ts';

const LENGTHS_BYTES = 8;
/** Of one record, in all columns. */
const COLUMNS_BYTES = 8 + 8 + 4 + 4 + 4 + 1;

interface Head {
  readonly origins: (readonly [source: string, tags: Readonly<Record<string, string>>])[];
  readonly levels: Level[];
  readonly fields: (readonly [index: number, fields: Readonly<Record<string, FieldValue>>])[];
  readonly messages: (readonly [index: number, message: string])[];
  readonly ids: (readonly [index: number, id: string])[];
}

const writer = new TextWriter();

export function encodeBody(records: readonly LogRecord[]): Buffer {
  const columns = new Columns(new ArrayBuffer(records.length * COLUMNS_BYTES), records.length);
  const head: Head = { origins: [], levels: [], fields: [], messages: [], ids: [] };
  const origins = new Map<Origin, number>();
  let lastOrigin: Origin | undefined;
  let originIndex = 0;
  for (let index = 0; index < records.length; index++) {
    const record = records[index] as LogRecord;
    const { origin, level, fields } = record;
    if (origin !== lastOrigin) {
      originIndex = indexOf(origin, origins, head);
      lastOrigin = origin;
    }
    columns.timestamps[index] = record.timestampMillis;
    columns.ingested[index] = record.ingestedMillis;
    columns.messages[index] = markOf(record.message, index, head.messages);
    columns.origins[index] = originIndex;
    columns.levels[index] = level === undefined ? 0 : levelIndex(level, head) + 1;
    if (fields !== undefined) head.fields.push([index, fields]);
  }
  for (let index = 0; index < records.length; index++)
    columns.ids[index] = markOf((records[index] as LogRecord).id, index, head.ids);
  const headBytes = Buffer.from(JSON.stringify(head));
  const lengths = Buffer.from(Uint32Array.of(records.length, headBytes.length).buffer);
  return Buffer.concat([lengths, Buffer.from(columns.buffer), headBytes, writer.take()]);
}

/** Throws when the bytes are not what encodeBody made. */
export function decodeBody(body: Buffer): LogRecord[] {
  const count = body.readUInt32LE(0);
  const headAt = LENGTHS_BYTES + count * COLUMNS_BYTES;
  const textsAt = headAt + body.readUInt32LE(4);
  if (textsAt > body.length) throw new Error('Stored records are cut off.');
  // A copy, since what numbers are read from must begin at a multiple of their size.
  const columns = new Columns(Uint8Array.from(body.subarray(LENGTHS_BYTES, headAt)).buffer, count);
  const head = JSON.parse(body.toString('utf8', headAt, textsAt)) as Head;
  const origins = head.origins.map(([source, tags]): Origin => ({ source, tags }));
  const texts = new TextReader(body.subarray(textsAt));
  const records: LogRecord[] = [];
  const messages = Array.from(columns.messages, (mark) => texts.next(mark));
  for (const [index, message] of head.messages) messages[index] = message;
  const ids = Array.from(columns.ids, (mark) => texts.next(mark));
  for (const [index, id] of head.ids) ids[index] = id;
  if (!texts.isAtEnd) throw new Error('Stored records do not fill their bytes.');
  const fields = new Map(head.fields);
  for (let index = 0; index < count; index++) {
    const origin = origins[columns.origins[index] as number];
    if (origin === undefined) throw new Error('A stored record names an origin that is not there.');
    records.push(
      recordOf(
        ids[index] as string,
        columns.timestamps[index] as number,
        columns.ingested[index] as number,
        messages[index] as string,
        origin,
        head.levels[(columns.levels[index] as number) - 1],
        fields.size === 0 ? undefined : fields.get(index),
      ),
    );
  }
  return records;
}

/** Views of one piece of memory. */
class Columns {
  readonly buffer: ArrayBuffer;
  readonly timestamps: Float64Array;
  readonly ingested: Float64Array;
  readonly messages: Uint32Array;
  readonly ids: Uint32Array;
  readonly origins: Uint32Array;
  readonly levels: Uint8Array;

  constructor(buffer: ArrayBuffer, count: number) {
    this.buffer = buffer;
    this.timestamps = new Float64Array(buffer, 0, count);
    this.ingested = new Float64Array(buffer, count * 8, count);
    this.messages = new Uint32Array(buffer, count * 16, count);
    this.ids = new Uint32Array(buffer, count * 20, count);
    this.origins = new Uint32Array(buffer, count * 24, count);
    this.levels = new Uint8Array(buffer, count * 28, count);
  }
}

function indexOf(origin: Origin, origins: Map<Origin, number>, head: Head): number {
  let index = origins.get(origin);
  if (index === undefined) {
    index = origins.size;
    origins.set(origin, index);
    head.origins.push([origin.source, origin.tags]);
  }
  return index;
}

function levelIndex(level: Level, { levels }: Head): number {
  const index = levels.indexOf(level);
  return index === -1 ? levels.push(level) - 1 : index;
}

function markOf(text: string, index: number, odd: (readonly [number, string])[]): number {
  if (text.isWellFormed()) return writer.add(text);
  odd.push([index, text]);
  return 0;
}

/** Spelled out, since it is done for every record: spreading what may be missing takes twice as long. */
function recordOf(
  id: string,
  timestampMillis: number,
  ingestedMillis: number,
  message: string,
  origin: Origin,
  level: Level | undefined,
  fields: LogRecord['fields'],
): LogRecord {
  if (fields !== undefined) {
    return level === undefined
      ? { id, timestampMillis, ingestedMillis, message, origin, fields }
      : { id, timestampMillis, ingestedMillis, message, origin, level, fields };
  }
  return level === undefined
    ? { id, timestampMillis, ingestedMillis, message, origin }
    : { id, timestampMillis, ingestedMillis, message, origin, level };
}
