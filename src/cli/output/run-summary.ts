import type { Run, RunCounts } from '../../contracts/run.ts';

/** `fetched 8 · duplicate 0 · delivered guance 8` */
export function summarize(counts: RunCounts): string {
  const parts = [`fetched ${counts.fetched}`, `duplicate ${counts.duplicate}`];
  for (const [reason, records] of Object.entries(counts.dropped))
    parts.push(`dropped ${records} (${reason})`);
  for (const [id, records] of Object.entries(counts.delivered)) parts.push(`delivered ${id} ${records}`);
  for (const [id, records] of Object.entries(counts.deadLetters)) parts.push(`dead letters ${id} ${records}`);
  return parts.join(' · ');
}

/** Events that had not been read before. */
export const totalOf = (runs: readonly Pick<Run, 'counts'>[]): number =>
  runs.reduce((sum, { counts }) => sum + counts.fetched - counts.duplicate, 0);
