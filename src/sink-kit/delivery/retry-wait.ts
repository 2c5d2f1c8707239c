import { type BackOffSettings, backOffMillis } from '../../foundation/back-off.ts';
import type { DeliverySettings } from './delivery.ts';

export const BACK_OFF: BackOffSettings = { firstMillis: 500, maxMillis: 30_000 };
const MAX_SERVER_DELAY_MILLIS = 300_000;
/** Whatever the server says: "Retry-After: 0" from one that is broken would be an endless hot loop. */
const SHORTEST_WAIT_MILLIS = 10;

/** How long to wait before attempt `attempt` (1 = the first retry); what the destination asked for outranks the back-off. */
export function retryWaitMillis(
  settings: Pick<DeliverySettings, 'random' | 'backOff' | 'maxServerDelayMillis'>,
  attempt: number,
  askedMillis: number | undefined,
): number {
  const { random, backOff = BACK_OFF, maxServerDelayMillis = MAX_SERVER_DELAY_MILLIS } = settings;
  const capped = askedMillis === undefined ? undefined : Math.min(askedMillis, maxServerDelayMillis);
  return Math.max(SHORTEST_WAIT_MILLIS, backOffMillis(attempt, backOff, random, capped));
}
