/**
 * The records of a batch as bytes, by column: an eighth of the time that JSON takes, and what is alike lies together
 * for the compression. Numbers are little-endian, as on every machine that Node.js runs on.
 *
 *   u32  n, the number of records
 *   u32  length of the tail
 *        columns of n numbers each: f64 timestamp, f64 ingested, u32 mark of the message, u32 mark of the id,
 *        u32 index of the origin, u8 level: one more than its index, 0 = none
 *        the messages, then the ids, in UTF-8: see text-column.ts
 *        tail, JSON: { "origins": [[source, tags] …], "levels": [level …], "fields": [[record, fields] …],
 *                      "messages": [[record, message] …], "ids": [[record, id] …] }
 *
 * What UTF-8 cannot hold (lone surrogates) stands in the tail, which escapes them.
 *
 * Invariants: decode(encode(records)) equals records; records of one origin share one Origin object after decoding,
 * as before.
 */
import type { ScratchBuffers } from '../foundation/scratch-buffers.ts';
import type { Level } from './level.ts';
import { type FieldValue, type LogRecord, makeRecord, type Origin } from './log-record.ts';
import { TextReader, TextWriter } from './text-column.ts';

const LENGTHS_BYTES = 8;
/** Of one record, in all columns. */
const COLUMNS_BYTES = 8 + 8 + 4 + 4 + 4 + 1;

interface Tail {
  readonly origins: (readonly [source: string, tags: Readonly<Record<string, string>>])[];
  readonly levels: Level[];
  readonly fields: (readonly [index: number, fields: Readonly<Record<string, FieldValue>>])[];
  readonly messages: (readonly [index: number, message: string])[];
  readonly ids: (readonly [index: number, id: string])[];
}

/** In a scratch buffer, which is the caller's to give back. */
export function encodeBody(records: readonly LogRecord[], scratch: ScratchBuffers): Buffer {
  const count = records.length;
  const columns = new Columns(new ArrayBuffer(count * COLUMNS_BYTES), count);
  const tail: Tail = { origins: [], levels: [], fields: [], messages: [], ids: [] };
  const texts = new TextWriter(scratch, LENGTHS_BYTES + count * COLUMNS_BYTES);
  const origins = new Map<Origin, number>();
  for (let index = 0; index < count; index++) {
    const record = records[index] as LogRecord;
    const { origin, level, fields } = record;
    columns.timestamps[index] = record.timestampMillis;
    columns.ingested[index] = record.ingestedMillis;
    columns.messages[index] = markOf(record.message, index, texts, tail.messages);
    columns.origins[index] = origins.get(origin) ?? addOrigin(origin, origins, tail);
    columns.levels[index] = level === undefined ? 0 : levelIndex(level, tail) + 1;
    if (fields !== undefined) tail.fields.push([index, fields]);
  }
  for (let index = 0; index < count; index++)
    columns.ids[index] = markOf((records[index] as LogRecord).id, index, texts, tail.ids);
  const tailBytes = texts.add(JSON.stringify(tail)) >>> 1;
  const body = texts.end();
  body.writeUInt32LE(count, 0);
  body.writeUInt32LE(tailBytes, 4);
  body.set(new Uint8Array(columns.buffer), LENGTHS_BYTES);
  return body;
}

/** Throws when the bytes are not what encodeBody made. */
export function decodeBody(body: Buffer): LogRecord[] {
  const count = body.readUInt32LE(0);
  const textsAt = LENGTHS_BYTES + count * COLUMNS_BYTES;
  const tailAt = body.length - body.readUInt32LE(4);
  if (tailAt < textsAt) throw new Error('Stored records are cut off.');
  // A copy, since what numbers are read from must begin at a multiple of their size.
  const columns = new Columns(Uint8Array.from(body.subarray(LENGTHS_BYTES, textsAt)).buffer, count);
  const tail = JSON.parse(body.toString('utf8', tailAt)) as Tail;
  const origins = tail.origins.map(([source, tags]): Origin => ({ source, tags }));
  const texts = new TextReader(body.subarray(textsAt, tailAt));
  const messages = Array.from(columns.messages, (mark) => texts.next(mark));
  for (const [index, message] of tail.messages) messages[index] = message;
  const ids = Array.from(columns.ids, (mark) => texts.next(mark));
  for (const [index, id] of tail.ids) ids[index] = id;
  if (!texts.isAtEnd) throw new Error('Stored records do not fill their bytes.');
  const fields = new Map(tail.fields);
  const records: LogRecord[] = [];
  for (let index = 0; index < count; index++) {
    const origin = origins[columns.origins[index] as number];
    if (origin === undefined) throw new Error('A stored record names an origin that is not there.');
    records.push(
      makeRecord(
        ids[index] as string,
        columns.timestamps[index] as number,
        columns.ingested[index] as number,
        messages[index] as string,
        origin,
        tail.levels[(columns.levels[index] as number) - 1],
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

function addOrigin(origin: Origin, origins: Map<Origin, number>, tail: Tail): number {
  origins.set(origin, origins.size);
  return tail.origins.push([origin.source, origin.tags]) - 1;
}

function levelIndex(level: Level, { levels }: Tail): number {
  const index = levels.indexOf(level);
  return index === -1 ? levels.push(level) - 1 : index;
}

function markOf(text: string, index: number, texts: TextWriter, odd: (readonly [number, string])[]): number {
  if (text.isWellFormed()) return texts.add(text);
  odd.push([index, text]);
  return 0;
}
