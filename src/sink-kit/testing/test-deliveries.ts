import type { Metrics } from '../../contracts/metrics.ts';
import { FakeClock } from '../../foundation/fake-clock.ts';
import { silentLogger } from '../../foundation/logger.ts';
import { seededRandom } from '../../foundation/random.ts';
import { startDelivery } from '../deliver.ts';
import type { Delivery, DeliverySettings } from '../delivery/delivery.ts';
import type { InMemorySpool } from './in-memory-spool.ts';
import type { ScriptedSink } from './scripted-sink.ts';

export interface TestDelivery {
  readonly delivery: Delivery;
  readonly clock: FakeClock;
  /** Counters by their name and labels, a space between. */
  readonly counts: ReadonlyMap<string, number>;
}

/** Deliveries to the destination `d`, on a clock of their own each; `stopAll` belongs in a test file's afterEach. */
export class TestDeliveries {
  readonly #running: Delivery[] = [];

  start(sink: ScriptedSink, spool: InMemorySpool, more: Partial<DeliverySettings> = {}): TestDelivery {
    const clock = new FakeClock(1_700_000_000_000);
    const counts = new Map<string, number>();
    const metrics: Metrics = {
      count: (name, labels, by = 1) => {
        const key = [name, ...Object.values(labels)].join(' ');
        counts.set(key, (counts.get(key) ?? 0) + by);
      },
      set: () => {},
      observe: () => {},
    };
    const random = seededRandom(1);
    const logger = silentLogger;
    const settings = { destination: 'd', sink, spool, clock, random, logger, metrics, ...more };
    const delivery = startDelivery(settings);
    this.#running.push(delivery);
    return { delivery, clock, counts };
  }

  /** Without grace: a test's clock stands still when it is over. */
  async stopAll(): Promise<void> {
    await Promise.all(this.#running.splice(0).map((delivery) => delivery.stop(0)));
  }
}
