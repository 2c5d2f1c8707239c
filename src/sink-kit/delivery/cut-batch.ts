import type { SpoolEntry, SpoolPosition } from '../../contracts/spool.ts';
import { approximateBytes, type LogRecord } from '../../record/log-record.ts';

/** Records [from, to) of one spool entry. */
export interface EntryPiece {
  readonly offset: number;
  readonly from: number;
  readonly to: number;
  /** Records of the whole entry. */
  readonly entryLength: number;
}

/** Contiguous records of a consumer's sequence. */
export interface RecordRun {
  readonly records: readonly LogRecord[];
  readonly pieces: readonly EntryPiece[];
}

export interface CutLimits {
  readonly maxRecords: number;
  readonly maxBytes: number;
}

/**
 * Takes as many records from `start` on as fit. `full`: waiting for more would not add any. A record larger than
 * maxBytes goes alone. Undefined when there is no entry at all; entries without records give a run without records.
 */
export function cutRun(
  entries: readonly SpoolEntry[],
  start: SpoolPosition,
  limits: CutLimits,
): { readonly run: RecordRun; readonly full: boolean } | undefined {
  const records: LogRecord[] = [];
  const pieces: EntryPiece[] = [];
  let bytes = 0;
  for (const { offset, batch } of entries) {
    const from = offset === start.offset ? Math.min(start.index, batch.records.length) : 0;
    let to = from;
    for (; to < batch.records.length; to++) {
      const record = batch.records[to] as LogRecord;
      const recordBytes = approximateBytes(record);
      const over = records.length >= limits.maxRecords || bytes + recordBytes > limits.maxBytes;
      if (over && records.length > 0) {
        if (to > from) pieces.push({ offset, from, to, entryLength: batch.records.length });
        return { run: { records, pieces }, full: true };
      }
      records.push(record);
      bytes += recordBytes;
    }
    pieces.push({ offset, from, to, entryLength: batch.records.length });
  }
  if (pieces.length === 0) return undefined;
  const full = records.length >= limits.maxRecords || bytes >= limits.maxBytes;
  return { run: { records, pieces }, full };
}

/** Where the consumer goes on when all of the run is settled. */
export function endOf(run: RecordRun): SpoolPosition {
  const last = run.pieces.at(-1);
  if (last === undefined) throw new RangeError('A run has at least one piece.');
  return last.to >= last.entryLength
    ? { offset: last.offset + 1, index: 0 }
    : { offset: last.offset, index: last.to };
}

/** Names exactly these records of the spool. */
export function runId(run: RecordRun): string {
  const first = run.pieces[0];
  const last = run.pieces.at(-1);
  if (first === undefined || last === undefined) throw new RangeError('A run has at least one piece.');
  return `${first.offset}.${first.from}-${last.offset}.${last.to}`;
}

/** The two halves, in order; of at least two records. */
export function halve(run: RecordRun): readonly [RecordRun, RecordRun] {
  const middle = Math.ceil(run.records.length / 2);
  const left: EntryPiece[] = [];
  const right: EntryPiece[] = [];
  let taken = 0;
  for (const piece of run.pieces) {
    const length = piece.to - piece.from;
    const inLeft = Math.min(length, middle - taken);
    taken += inLeft;
    // A piece without records moves with what is before it, so that no place is passed over.
    if (inLeft > 0 || (right.length === 0 && length === 0)) left.push({ ...piece, to: piece.from + inLeft });
    if (inLeft < length || right.length > 0) right.push({ ...piece, from: piece.from + inLeft });
  }
  return [
    { records: run.records.slice(0, middle), pieces: left },
    { records: run.records.slice(middle), pieces: right },
  ];
}
