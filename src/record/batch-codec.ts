/**
 * How records are stored (spool, dead letters). Numbers are little-endian.
 *
 *   u8   version: 2
 *   u8   compression of what follows: 0 none, 1 zstd (with its checksum)
 *   u32  its length before compression
 *   u32  its CRC-32; only where it is not compressed
 *        the body: see batch-body.ts
 */
import { promisify } from 'node:util';
import { constants, crc32, zstdCompress, zstdDecompressSync } from 'node:zlib';
import { ScratchBuffers } from '../foundation/scratch-buffers.ts';
import { decodeBody, encodeBody } from './batch-body.ts';
import type { LogRecord } from './log-record.ts';

const VERSION = 2;
const PLAIN = 0;
const ZSTD = 1;
const HEADER_BYTES = 6;
const CRC_BYTES = 4;
/** Far above what a batch has: a length that was damaged must not take gigabytes. */
const MAX_CHUNK_BYTES = 64 * 1024 * 1024;
/** Below this, compression costs more than it saves. */
const SMALLEST_COMPRESSED_BYTES = 512;
/** Fewer and larger pieces of output than zlib's own 16 KiB. */
const COMPRESSED_CHUNK_BYTES = 128 * 1024;

const compress = promisify(zstdCompress);
/** Batches are packed one after the other; of several partitions, a few at once. */
const scratch = new ScratchBuffers(1);

/** Compression runs on libuv's threads, so that a large batch does not hold up the event loop. */
export async function encodeRecords(records: readonly LogRecord[]): Promise<Buffer> {
  const body = encodeBody(records, scratch);
  try {
    const header = Buffer.alloc(HEADER_BYTES);
    header[0] = VERSION;
    header.writeUInt32LE(body.length, 2);
    if (body.length < SMALLEST_COMPRESSED_BYTES) {
      const checksum = Buffer.alloc(CRC_BYTES);
      checksum.writeUInt32LE(crc32(body));
      return Buffer.concat([header, checksum, body]);
    }
    header[1] = ZSTD;
    const compressed = await compress(body, {
      chunkSize: COMPRESSED_CHUNK_BYTES,
      params: { [constants.ZSTD_c_compressionLevel]: 1, [constants.ZSTD_c_checksumFlag]: 1 },
    });
    return Buffer.concat([header, compressed]);
  } finally {
    scratch.giveBack(body);
  }
}

/** Throws when the bytes are not what encodeRecords made. */
export function decodeRecords(bytes: Buffer): LogRecord[] {
  if (bytes[0] !== VERSION) throw new Error(`Unknown version ${bytes[0]} of stored records.`);
  const length = bytes.readUInt32LE(2);
  const stored = bytes.subarray(HEADER_BYTES);
  const body = bytes[1] === ZSTD ? decompressed(stored, length) : checked(stored, bytes[1]);
  if (body.length !== length) throw new Error('Stored records are not as long as they say.');
  return decodeBody(body);
}

function decompressed(stored: Buffer, length: number): Buffer {
  // One output buffer instead of many, three times faster; a little too large, or a second one is made to find the end.
  return zstdDecompressSync(stored, { chunkSize: Math.min(length + 64, MAX_CHUNK_BYTES) });
}

function checked(stored: Buffer, compression: number | undefined): Buffer {
  if (compression !== PLAIN) throw new Error(`Unknown compression ${compression} of stored records.`);
  const body = stored.subarray(CRC_BYTES);
  if (crc32(body) !== stored.readUInt32LE())
    throw new Error('The checksum of stored records does not match.');
  return body;
}
