import type { LogRecord } from '../record/log-record.ts';
import { heldLinesReleaser } from './join-lines/line-joiner.ts';

/**
 * The records that the state of a transform holds back, whatever transform it was: for one that is no longer configured.
 * Their ids are known as read, so that they would come by no other way. Only joining lines holds records.
 */
export function releaseHeld(state: unknown): readonly LogRecord[] {
  // A chain keeps the state of its steps by name.
  const inner =
    typeof state === 'object' && state !== null ? (state as { readonly join?: unknown }).join : undefined;
  return [state, inner].flatMap((one) =>
    one === undefined ? [] : heldLinesReleaser.apply([], one, Number.MAX_SAFE_INTEGER).kept,
  );
}
