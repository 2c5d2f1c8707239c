import { backfillKeyPrefix } from '../../contracts/checkpoint.ts';
import { COUNTS_KEPT_MILLIS, type StateStore } from '../../contracts/state-store.ts';
import { MINUTE_MILLIS } from '../coverage/coverage.ts';
import type { KeptMinute } from './compare-minute.ts';
import type { KeptEvents } from './identify-missing.ts';

const HOUR_MILLIS = 60 * MINUTE_MILLIS;
const NOTHING: KeptEvents = { events: 0, fingerprint: 0n };

/**
 * What was read of a minute, as the state store counted it; undefined when there are no counts that early. They begin
 * with the first event that was counted, and old ones are let go: what lies before must not be taken for nothing read.
 */
export async function keptOfMinute(
  store: Pick<StateStore, 'list' | 'counts'>,
  partitionKey: string,
  minuteMillis: number,
): Promise<KeptMinute | undefined> {
  const upToIt = { fromMillis: minuteMillis - COUNTS_KEPT_MILLIS, toMillis: minuteMillis };
  if ((await store.counts(partitionKey, upToIt)).length === 0) return undefined;
  const live = await keptUnder(store, partitionKey, minuteMillis);
  let all = live;
  for (const { key } of await store.list(backfillKeyPrefix(partitionKey)))
    all = together(all, await keptUnder(store, key, minuteMillis));
  return { live, all };
}

export function isSameKept(a: KeptMinute, b: KeptMinute): boolean {
  const isSame = (x: KeptEvents, y: KeptEvents) => x.events === y.events && x.fingerprint === y.fingerprint;
  return isSame(a.live, b.live) && isSame(a.all, b.all);
}

async function keptUnder(
  store: Pick<StateStore, 'counts'>,
  key: string,
  minuteMillis: number,
): Promise<KeptEvents> {
  const [hour] = await store.counts(key, { fromMillis: minuteMillis, toMillis: minuteMillis });
  if (hour === undefined) return NOTHING;
  const minute = Math.floor((minuteMillis % HOUR_MILLIS) / MINUTE_MILLIS);
  const events = hour.byMinute[minute] ?? 0;
  return { events, fingerprint: events === 0 ? 0n : hour.fingerprints?.[minute] };
}

function together(a: KeptEvents, b: KeptEvents): KeptEvents {
  const known = a.fingerprint !== undefined && b.fingerprint !== undefined;
  return { events: a.events + b.events, fingerprint: known ? a.fingerprint ^ b.fingerprint : undefined };
}
