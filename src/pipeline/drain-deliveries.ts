import type { Clock } from '../foundation/clock.ts';
import type { Delivery, DrainResult } from '../sink-kit/delivery/delivery.ts';

/** A destination that failed this often in a row is not waited for: what it has not got stays in the spool. */
const PATIENT_ATTEMPTS = 4;
const LOOK_MILLIS = 200;

/**
 * Waits until every destination has what is in the spool now, or has failed so often that waiting makes no sense.
 * One that is down costs the others nothing.
 */
export async function drainDeliveries(
  deliveries: ReadonlyMap<string, Delivery>,
  clock: Clock,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, DrainResult>> {
  const results = await Promise.all(
    [...deliveries].map(async ([id, delivery]) => [id, await drainOne(delivery, clock, signal)] as const),
  );
  return new Map(results);
}

async function drainOne(delivery: Delivery, clock: Clock, signal: AbortSignal): Promise<DrainResult> {
  const giveUp = new AbortController();
  const drained = delivery.drain(AbortSignal.any([signal, giveUp.signal]));
  const ended = drained.then(() => true);
  for (;;) {
    const look = new AbortController();
    const isOver = await Promise.race([
      ended,
      clock.sleep(LOOK_MILLIS, look.signal).then(
        () => false,
        () => false,
      ),
    ]);
    look.abort();
    if (isOver) return await drained;
    const { state } = delivery.status();
    if (state.kind === 'retrying' && state.attempt > PATIENT_ATTEMPTS) giveUp.abort();
  }
}
