/**
 * Which of the events that a minute holds are the ones that were not read: pure.
 *
 * The ids of a sealed minute are gone; what is left is how many they were, and the XOR of their hashes. The XOR of all
 * that is found, and of that, is the XOR of what is missing (64 bits). So a guess can be proved: of so many events,
 * these and no others have that XOR. Guessed are the ways in which events go missing: those that came in last, any that
 * came in one after the other, one stretch of a stream, any one, any two. A wrong guess is taken for right with a chance of about
 * (guesses) / 2^64.
 */
import type { FoundEvents } from './found-events.ts';

/** How many events were read of a minute, and the XOR of the hashes of their ids, where that is still known. */
export interface KeptEvents {
  readonly events: number;
  readonly fingerprint: bigint | undefined;
}

/** Indexes of the missing ones, in an order in which the rest can still be told when only the first have been repaired. */
export function identifyMissing(found: FoundEvents, kept: KeptEvents): readonly number[] | undefined {
  const missing = found.count - kept.events;
  if (missing <= 0 || kept.fingerprint === undefined) return undefined;
  const xor = found.fingerprint ^ kept.fingerprint;
  const wanted = { high: Number(xor & 0xffff_ffffn), low: Number(xor >> 32n) };
  return (
    stretchOf(found, found.latestFirst(), missing, wanted) ??
    stretchOf(found, found.byStream(), missing, wanted) ??
    (missing === 2 ? pairOf(found, wanted) : undefined)
  );
}

interface Lanes {
  readonly high: number;
  readonly low: number;
}

/** So many neighbours of an order that have the wanted XOR; one is a stretch too. */
function stretchOf(
  found: FoundEvents,
  order: Float64Array,
  length: number,
  wanted: Lanes,
): readonly number[] | undefined {
  let high = 0;
  let low = 0;
  for (let at = 0; at < order.length; at++) {
    high ^= found.highAt(order[at] as number);
    low ^= found.lowAt(order[at] as number);
    if (at >= length) {
      high ^= found.highAt(order[at - length] as number);
      low ^= found.lowAt(order[at - length] as number);
    }
    if (at >= length - 1 && high >>> 0 === wanted.high && low >>> 0 === wanted.low)
      return [...order.subarray(at - length + 1, at + 1)];
  }
  return undefined;
}

function pairOf(found: FoundEvents, wanted: Lanes): readonly number[] | undefined {
  const byLow = new Map<number, number[]>();
  for (let index = 0; index < found.count; index++) {
    const partners = byLow.get((found.lowAt(index) ^ wanted.low) >>> 0) ?? [];
    const partner = partners.find(
      (other) => (found.highAt(index) ^ found.highAt(other)) >>> 0 === wanted.high,
    );
    if (partner !== undefined) return [partner, index];
    const low = found.lowAt(index);
    byLow.set(low, [...(byLow.get(low) ?? []), index]);
  }
  return undefined;
}
