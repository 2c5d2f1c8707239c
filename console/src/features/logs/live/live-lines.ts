/**
 * The lines of a live view: pure. While it is paused, what comes is counted and kept; going on shows it. Both are
 * bounded, and what falls out is counted too.
 */
import type { LiveBatch, LogLine } from '../../../api-client/logs.ts';
import { recordKey } from '../list/record-key.ts';

export interface LiveLines {
  /** The newest first. */
  readonly shown: readonly LogLine[];
  readonly held: readonly LogLine[];
  readonly isPaused: boolean;
  /** What came in and is not shown here: too many at once, older than what is followed, or fallen out of the view. */
  readonly leftOut: number;
}

export const MAX_LINES = 5000;

export const NO_LINES: LiveLines = { shown: [], held: [], isPaused: false, leftOut: 0 };

/** After a lost connection the newest lines come once more: what is here already is left out. */
export function withBatch(lines: LiveLines, { records, leftOut }: LiveBatch): LiveLines {
  const known = new Set([...lines.held, ...lines.shown].map(recordKey));
  const newest = records.filter((record) => !known.has(recordKey(record))).toReversed();
  const counted = lines.leftOut + leftOut.tooMany + leftOut.older;
  if (lines.isPaused) {
    const held = bounded([...newest, ...lines.held]);
    return { ...lines, held: held.kept, leftOut: counted + held.fallen };
  }
  const shown = bounded([...newest, ...lines.shown]);
  return { ...lines, shown: shown.kept, leftOut: counted };
}

export function paused(lines: LiveLines): LiveLines {
  return lines.isPaused ? lines : { ...lines, isPaused: true };
}

export function resumed(lines: LiveLines): LiveLines {
  if (!lines.isPaused) return lines;
  return { ...lines, shown: bounded([...lines.held, ...lines.shown]).kept, held: [], isPaused: false };
}

function bounded(records: readonly LogLine[]) {
  return { kept: records.slice(0, MAX_LINES), fallen: Math.max(0, records.length - MAX_LINES) };
}
