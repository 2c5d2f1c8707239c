/**
 * How records are stored (spool, dead letters, transform state).
 *
 * Version 1: one byte 0x01, one byte compression (0 = none, 1 = zstd), four bytes little-endian length of the
 * JSON text, then the (compressed) UTF-8 JSON:
 *
 *   { "o": [[source, tags] …], "r": [[origin index, id, timestamp, ingested, message, level or 0, fields or 0] …] }
 *
 * Invariants: decode(encode(records)) equals records, lone surrogates included (JSON.stringify escapes them);
 * records of one origin share one Origin object after decoding, as before.
 */
import { promisify } from 'node:util';
import { constants, zstdCompress, zstdDecompressSync } from 'node:zlib';
import type { Level } from './level.ts';
import type { FieldValue, LogRecord, Origin } from './log-record.ts';

const VERSION = 1;
const HEADER_BYTES = 6;
/** Below this, compression costs more than it saves. */
const SMALLEST_COMPRESSED_BYTES = 512;
/** Fewer and larger pieces of output than zlib's own 16 KiB. */
const COMPRESSED_CHUNK_BYTES = 128 * 1024;

type StoredRecord = readonly [
  origin: number,
  id: string,
  timestampMillis: number,
  ingestedMillis: number,
  message: string,
  level: Level | 0,
  fields: Readonly<Record<string, FieldValue>> | 0,
];

interface StoredBatch {
  readonly o: readonly (readonly [source: string, tags: Readonly<Record<string, string>>])[];
  readonly r: readonly StoredRecord[];
}

const compress = promisify(zstdCompress);

/** Compression runs on libuv's threads, so that a large batch does not hold up the event loop. */
export async function encodeRecords(records: readonly LogRecord[]): Promise<Buffer> {
  const text = Buffer.from(JSON.stringify(toStored(records)));
  const header = Buffer.alloc(HEADER_BYTES);
  header[0] = VERSION;
  header.writeUInt32LE(text.length, 2);
  if (text.length < SMALLEST_COMPRESSED_BYTES) return Buffer.concat([header, text]);
  header[1] = 1;
  const body = await compress(text, {
    chunkSize: COMPRESSED_CHUNK_BYTES,
    params: { [constants.ZSTD_c_compressionLevel]: 1, [constants.ZSTD_c_checksumFlag]: 1 },
  });
  return Buffer.concat([header, body]);
}

/** Throws when the bytes are not what encodeRecords made. */
export function decodeRecords(bytes: Buffer): LogRecord[] {
  if (bytes[0] !== VERSION) throw new Error(`Unknown version ${bytes[0]} of stored records.`);
  const length = bytes.readUInt32LE(2);
  const body = bytes.subarray(HEADER_BYTES);
  // chunkSize of the whole length: one output buffer instead of many, three times faster.
  const text = bytes[1] === 1 ? zstdDecompressSync(body, { chunkSize: Math.max(64, length) }) : body;
  return fromStored(JSON.parse(text.toString('utf8')) as StoredBatch);
}

function toStored(records: readonly LogRecord[]): StoredBatch {
  const indexes = new Map<Origin, number>();
  const origins: StoredBatch['o'][number][] = [];
  const rows = records.map((record): StoredRecord => {
    let index = indexes.get(record.origin);
    if (index === undefined) {
      index = origins.length;
      indexes.set(record.origin, index);
      origins.push([record.origin.source, record.origin.tags]);
    }
    return [
      index,
      record.id,
      record.timestampMillis,
      record.ingestedMillis,
      record.message,
      record.level ?? 0,
      record.fields ?? 0,
    ];
  });
  return { o: origins, r: rows };
}

function fromStored(stored: StoredBatch): LogRecord[] {
  const origins = stored.o.map(([source, tags]): Origin => ({ source, tags }));
  return stored.r.map(([index, id, timestampMillis, ingestedMillis, message, level, fields]) => {
    const origin = origins[index];
    if (origin === undefined) throw new Error('A stored record names an origin that is not there.');
    // Spelled out, since it is done for every record: spreading what may be missing takes twice as long.
    if (fields !== 0) {
      return level === 0
        ? { id, timestampMillis, ingestedMillis, message, origin, fields }
        : { id, timestampMillis, ingestedMillis, message, origin, level, fields };
    }
    return level === 0
      ? { id, timestampMillis, ingestedMillis, message, origin }
      : { id, timestampMillis, ingestedMillis, message, origin, level };
  });
}
