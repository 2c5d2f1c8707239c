import type Database from 'better-sqlite3';
import type { SeenChunk } from '../../contracts/checkpoint.ts';
import { SEEN_BUCKET_MILLIS } from '../../source-kit/seen-ids.ts';

/**
 * A commit adds a small chunk to each bucket it touches: a commit a second would make sixty of them. Small chunks are put
 * together when there are more than so many; large ones stay as they are, so that no byte is written over and over.
 */
const MAX_SMALL_CHUNKS = 16;
const SMALL_CHUNK_BYTES = 64 * 1024;

/** The seen ids of checkpoints. Methods run inside a transaction or snapshot of the caller. */
export class SeenChunks {
  readonly #sql: ReturnType<typeof prepareStatements>;

  constructor(db: Database.Database) {
    this.#sql = prepareStatements(db);
  }

  /** A bucket may come as several chunks. */
  load(checkpointId: number): SeenChunk[] {
    return this.#sql.all.all(checkpointId) as SeenChunk[];
  }

  add(checkpointId: number, chunks: readonly SeenChunk[]): void {
    for (const { bucketStartMillis, hashes } of chunks) {
      if (hashes.length === 0) continue;
      this.#sql.add.run(checkpointId, bucketStartMillis, hashes);
      this.#join(checkpointId, bucketStartMillis);
    }
  }

  /** Drops the buckets that end at `millis` or before. */
  sealBefore(checkpointId: number, millis: number): void {
    this.#sql.seal.run(checkpointId, millis - SEEN_BUCKET_MILLIS);
  }

  #join(checkpointId: number, bucketStartMillis: number): void {
    const small = this.#sql.small.all(checkpointId, bucketStartMillis) as { id: number }[];
    if (small.length <= MAX_SMALL_CHUNKS) return;
    const hashes = small.map(({ id }) => this.#sql.take.get(id) as Buffer);
    this.#sql.add.run(checkpointId, bucketStartMillis, Buffer.concat(hashes));
  }
}

function prepareStatements(db: Database.Database) {
  return {
    all: db.prepare(
      `SELECT bucket_start_millis AS bucketStartMillis, hashes FROM seen_chunk WHERE checkpoint_id = ?
       ORDER BY bucket_start_millis, id`,
    ),
    add: db.prepare('INSERT INTO seen_chunk (checkpoint_id, bucket_start_millis, hashes) VALUES (?, ?, ?)'),
    // length() of a blob is read from the row's header, not from the blob.
    small: db.prepare(
      `SELECT id FROM seen_chunk
       WHERE checkpoint_id = ? AND bucket_start_millis = ? AND length(hashes) < ${SMALL_CHUNK_BYTES}`,
    ),
    take: db.prepare('DELETE FROM seen_chunk WHERE id = ? RETURNING hashes').pluck(),
    seal: db.prepare('DELETE FROM seen_chunk WHERE checkpoint_id = ? AND bucket_start_millis <= ?'),
  };
}
