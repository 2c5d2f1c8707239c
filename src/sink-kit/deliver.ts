import type { Delivery, DeliverySettings } from './delivery/delivery.ts';
import { DeliveryLoop } from './delivery/delivery-loop.ts';

/** Begins to deliver what the spool holds for a destination, and goes on until it is stopped. Never throws. */
export function startDelivery(settings: DeliverySettings): Delivery {
  return new DeliveryLoop(settings);
}
