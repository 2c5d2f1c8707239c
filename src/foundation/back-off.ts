import type { Random } from './random.ts';

export interface BackOffSettings {
  readonly firstMillis: number;
  readonly maxMillis: number;
}

/**
 * How long to wait before attempt `attempt` (1 = the first retry): full jitter, so that many clients
 * that failed together do not come back together. What the server asks for outranks it.
 */
export function backOffMillis(
  attempt: number,
  settings: BackOffSettings,
  random: Random,
  serverAskedMillis?: number,
): number {
  if (serverAskedMillis !== undefined) return Math.max(0, serverAskedMillis);
  const ceiling = Math.min(settings.maxMillis, settings.firstMillis * 2 ** Math.min(attempt - 1, 30));
  // Never zero: a retry in the same turn of the event loop hammers whoever just failed.
  return Math.max(Math.min(settings.firstMillis / 2, ceiling), random.next() * ceiling);
}
