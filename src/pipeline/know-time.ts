import type { Partition, Slice } from '../contracts/pull-source.ts';
import type { ServiceClock } from './service-clock.ts';

/**
 * Asks for pages of the present until the service's time is known: one reply may be dated wrongly, so the clock wants two.
 * Throws what reading throws.
 */
export async function knowTime(
  partition: Partition,
  serviceClock: ServiceClock,
  signal: AbortSignal,
): Promise<void> {
  for (let asked = 0; asked < 3 && !serviceClock.isKnown; asked++) {
    const nowMillis = serviceClock.now();
    const slice: Slice = { fromMillis: nowMillis, toMillis: nowMillis, priority: 'live' };
    for await (const page of partition.read(slice, signal)) {
      serviceClock.observe(page.serverMillis);
      break;
    }
  }
}
