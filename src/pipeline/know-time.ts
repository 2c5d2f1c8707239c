import type { Partition, Slice } from '../contracts/pull-source.ts';
import type { ServiceClock } from './service-clock.ts';

/** Asks for a page of the present, unless the service's time is known already. Throws what reading throws. */
export async function knowTime(
  partition: Partition,
  serviceClock: ServiceClock,
  signal: AbortSignal,
): Promise<void> {
  if (serviceClock.isKnown) return;
  const nowMillis = serviceClock.now();
  const slice: Slice = { fromMillis: nowMillis, toMillis: nowMillis, priority: 'live' };
  for await (const page of partition.read(slice, signal)) {
    serviceClock.observe(page.serverMillis);
    return;
  }
}
