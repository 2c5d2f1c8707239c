import type { FoundEvents } from './found-events.ts';
import { identifyMissing, type KeptEvents } from './identify-missing.ts';

/** What was kept of a minute by live reading, and by it and backfills together. */
export interface KeptMinute {
  readonly live: KeptEvents;
  readonly all: KeptEvents;
}

/** other_events: as many, but not the same ones. fewer_found: more was read than the service shows now. */
export type Comparison =
  | { readonly kind: 'complete' }
  | { readonly kind: 'missing'; readonly kept: KeptEvents; readonly indexes: readonly number[] | undefined }
  | { readonly kind: 'not_comparable'; readonly reason: 'other_events' | 'fewer_found' | 'read_again' };

/**
 * Pure: what a minute was found to hold, against what was kept of it. What live reading and backfills read is different
 * events, but for a backfill that was asked to read again.
 */
export function compareMinute(found: FoundEvents, { live, all }: KeptMinute): Comparison {
  for (const kept of [all, live]) {
    if (found.count !== kept.events) continue;
    if (kept.fingerprint === undefined || kept.fingerprint === found.fingerprint) return { kind: 'complete' };
  }
  if (found.count > all.events) return { kind: 'missing', kept: all, indexes: identifyMissing(found, all) };
  if (found.count === all.events) return { kind: 'not_comparable', reason: 'other_events' };
  return { kind: 'not_comparable', reason: live.events < all.events ? 'read_again' : 'fewer_found' };
}
