/** The naive model: what should have come, from the world's plan and what was committed alone. */
import type { Checkpoint, Gap } from '../../../../src/contracts/checkpoint.ts';
import type { Weather } from './weather.ts';
import { type Generation, type Group, goneMillis, type PlannedEvent } from './world.ts';

export interface BackfillRun {
  readonly name: string;
  readonly fromMillis: number;
  readonly toMillis: number;
  readonly startedMillis: number;
  endedMillis: number | undefined;
}

/** What a run left behind. */
export interface Remains {
  readonly weather: Weather;
  readonly groups: readonly Group[];
  readonly endMillis: number;
  /** How often each event was committed, by id. */
  readonly committed: ReadonlyMap<string, number>;
  /** Of the live checkpoints, by group name. */
  readonly live: ReadonlyMap<string, Checkpoint>;
  /** When the first live checkpoint was committed, by group name. */
  readonly began: ReadonlyMap<string, number>;
  /** Of all checkpoints, those of backfills too, by group name. */
  readonly gaps: ReadonlyMap<string, readonly Gap[]>;
  readonly backfills: readonly BackfillRun[];
  readonly requests: number;
  readonly kills: number;
  /** Requests and commits that went wrong. */
  readonly mishaps: number;
}

export interface Verdict {
  /** In words, so that a failing seed tells what happened. */
  readonly complaints: readonly string[];
  readonly shown: number;
  readonly committed: number;
  readonly inGaps: number;
}

export function judge(remains: Remains): Verdict {
  const complaints: string[] = [];
  const known = new Set<string>();
  let shown = 0;
  let inGaps = 0;
  for (const group of remains.groups)
    for (const generation of group.generations)
      for (const event of generation.events) {
        known.add(event.id);
        const times = remains.committed.get(event.id) ?? 0;
        if (times > 1) complaints.push(`twice: ${describe(event)} came ${times} times`);
        if (!isDue(remains, group, generation, event)) continue;
        shown++;
        if (times > 0) continue;
        const isGone = goneMillis(group, generation, event) <= remains.endMillis;
        if (isGone && isInGap(remains.gaps.get(group.name) ?? [], event)) inGaps++;
        else complaints.push(`lost: ${describe(event)}${isGone ? ', in no gap' : ', still shown'}`);
      }
  for (const id of remains.committed.keys()) if (!known.has(id)) complaints.push(`made up: ${id}`);
  return { complaints, shown, committed: remains.committed.size, inGaps };
}

/** Whether it has to be in the spool, or in a gap: it was shown in time, of a range that was to be read. */
function isDue(remains: Remains, group: Group, generation: Generation, event: PlannedEvent): boolean {
  const { timestampMillis, shownMillis } = event;
  const goneAt = goneMillis(group, generation, event);
  if (shownMillis >= goneAt || shownMillis > remains.endMillis) return false;
  const { maxLatenessMillis, retentionMillis = Number.POSITIVE_INFINITY } = remains.weather;
  // Where the retention is shorter, three quarters of it stand in for the longest lateness.
  if (shownMillis - timestampMillis >= Math.min(maxLatenessMillis, 0.75 * retentionMillis)) return false;
  // Dated ahead of the end of its group: no gap is made of the future.
  if (timestampMillis >= generation.deletedMillis) return false;
  const live = remains.live.get(group.name);
  const began = remains.began.get(group.name) ?? Number.POSITIVE_INFINITY;
  if (live !== undefined && timestampMillis >= live.coveredFromMillis && goneAt > began) return true;
  // The first backfill that read it decides: later ones leave it out.
  const [first] = remains.backfills
    .filter(({ fromMillis, toMillis }) => timestampMillis >= fromMillis && timestampMillis <= toMillis)
    .toSorted((a, b) => a.startedMillis - b.startedMillis);
  return first?.endedMillis !== undefined && shownMillis <= first.startedMillis && goneAt > first.endedMillis;
}

function isInGap(gaps: readonly Gap[], { timestampMillis: at }: PlannedEvent): boolean {
  return gaps.some(({ fromMillis, toMillis }) => fromMillis <= at && at <= toMillis);
}

function describe({ id, timestampMillis, ingestedMillis, shownMillis }: PlannedEvent): string {
  const time = (millis: number) => new Date(millis).toISOString().slice(11, 23);
  return `${id} of ${time(timestampMillis)}, ingested ${time(ingestedMillis)}, shown ${time(shownMillis)}`;
}
