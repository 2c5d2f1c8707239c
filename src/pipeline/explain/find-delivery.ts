import { setImmediate } from 'node:timers/promises';
import type { Spool } from '../../contracts/spool.ts';

/** What a destination has of a record. `passed`: it neither waits nor is a dead letter, so the destination took it. */
export type DeliveryFate =
  | { readonly kind: 'waiting'; readonly sinceMillis: number; readonly before: number }
  | {
      readonly kind: 'dead_letter';
      readonly reason: string;
      readonly detail: string;
      readonly letterId: number;
    }
  | { readonly kind: 'passed' }
  /** More waits than was looked through. */
  | { readonly kind: 'not_found_yet'; readonly looked: number }
  /** The destination is not known to the spool: nothing was collected since it was configured. */
  | { readonly kind: 'not_started' };

const ENTRIES_BYTES = 4 * 1024 * 1024;
const MAX_LOOKED_BYTES = 256 * 1024 * 1024;
const LETTERS_AT_ONCE = 500;
const MAX_LETTERS = 50_000;

/** Looks for a record in what waits for a destination and in its dead letters. Changes nothing. */
export async function findDelivery(
  spool: Pick<Spool, 'usage' | 'position' | 'read' | 'deadLetters'>,
  destination: string,
  id: string,
  signal: AbortSignal,
): Promise<DeliveryFate> {
  const { consumers } = await spool.usage();
  if (!consumers.some(({ consumer }) => consumer === destination)) return { kind: 'not_started' };
  return (
    (await inDeadLetters(spool, destination, id, signal)) ??
    (await inWaiting(spool, destination, id, signal)) ?? { kind: 'passed' }
  );
}

async function inWaiting(
  spool: Pick<Spool, 'position' | 'read'>,
  destination: string,
  id: string,
  signal: AbortSignal,
): Promise<DeliveryFate | undefined> {
  const { offset, index } = await spool.position(destination);
  let before = 0;
  let bytes = 0;
  for (let from = offset; ; ) {
    signal.throwIfAborted();
    const entries = await spool.read(destination, from, ENTRIES_BYTES);
    const last = entries.at(-1);
    if (last === undefined) return undefined;
    for (const entry of entries) {
      const first = entry.offset === offset ? index : 0;
      const at = entry.batch.records.findIndex((record, position) => position >= first && record.id === id);
      if (at >= 0)
        return { kind: 'waiting', sinceMillis: entry.committedAtMillis, before: before + at - first };
      before += entry.batch.records.length - first;
      bytes += entry.storedBytes;
    }
    if (bytes > MAX_LOOKED_BYTES) return { kind: 'not_found_yet', looked: before };
    from = last.offset + 1;
    await setImmediate();
  }
}

async function inDeadLetters(
  spool: Pick<Spool, 'deadLetters'>,
  destination: string,
  id: string,
  signal: AbortSignal,
): Promise<DeliveryFate | undefined> {
  let afterId = 0;
  for (let looked = 0; looked < MAX_LETTERS; ) {
    signal.throwIfAborted();
    const page = { afterId, limit: LETTERS_AT_ONCE, maxBytes: ENTRIES_BYTES };
    const letters = await spool.deadLetters(destination, page);
    const last = letters.at(-1);
    if (last === undefined) return undefined;
    const found = letters.find(({ record }) => record?.id === id);
    if (found !== undefined)
      return { kind: 'dead_letter', reason: found.reason, detail: found.detail, letterId: found.id };
    looked += letters.length;
    afterId = last.id;
    await setImmediate();
  }
  return undefined;
}
