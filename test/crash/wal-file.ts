/**
 * The write-ahead log of a SQLite file, as far as tearing it needs to know it (https://www.sqlite.org/fileformat2.html,
 * 4. The Write-Ahead Log): a header of 32 bytes, and frames of 24 bytes and a page. A frame that ends a transaction tells
 * the size of the database; those of an earlier round have other salts.
 */
const HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 24;
/** In the wal-index (-shm), behind two copies of its header: how many frames a checkpoint has copied to the database. */
const COPIED_FRAMES_AT = 96;

export interface WalFile {
  readonly pageBytes: number;
  /** Ends of transactions, in bytes, ascending, each with the pages that it and those before it wrote. */
  readonly ends: readonly {
    readonly at: number;
    readonly frames: number;
    readonly pages: ReadonlySet<number>;
  }[];
}

export function parseWal(wal: Buffer): WalFile {
  if (wal.length < HEADER_BYTES) return { pageBytes: 0, ends: [] };
  const pageBytes = wal.readUInt32BE(8);
  const salts = wal.subarray(16, 24);
  const ends: WalFile['ends'][number][] = [];
  const pages = new Set<number>();
  const frameBytes = FRAME_HEADER_BYTES + pageBytes;
  let frames = 0;
  for (let at = HEADER_BYTES; at + frameBytes <= wal.length; at += frameBytes) {
    if (!wal.subarray(at + 8, at + 16).equals(salts)) break;
    frames++;
    pages.add(wal.readUInt32BE(at));
    if (wal.readUInt32BE(at + 4) !== 0) ends.push({ at: at + frameBytes, frames, pages: new Set(pages) });
  }
  return { pageBytes, ends };
}

export function copiedFrames(shm: Buffer): number {
  return shm.length < COPIED_FRAMES_AT + 4 ? 0 : shm.readUInt32LE(COPIED_FRAMES_AT);
}
