import { LogferryError } from '../foundation/logferry-error.ts';
import { parseMoment } from '../foundation/moment.ts';

/** Refuses what is no moment, and says what would be one. */
export function momentArgument(text: string, nowMillis: number, utc: boolean): number {
  const moment = parseMoment(text, nowMillis, utc);
  if (moment !== undefined) return moment;
  throw new LogferryError('USAGE', `"${text}" is no time.`, {
    hint: 'Write 2h30m (before now), 13:10, 2026-11-23T13:10, or now.',
  });
}
