import type { ServerResponse } from 'node:http';
import type { Clock } from '../../../foundation/clock.ts';
import type { DeliveryFault } from '../faults/fault.ts';
import type { HttpReply } from './write-protocol.ts';

export interface Delivery {
  readonly faults: readonly DeliveryFault[];
  readonly dateMillis: number;
  readonly clock: Clock;
  /** Ends every wait. */
  readonly signal: AbortSignal;
}

type Slow = Extract<DeliveryFault, { kind: 'slow' }>;

/** Writes the reply, spoiled as the faults say. Answers the word by which the request is booked when it was spoiled. */
export async function sendReply(
  response: ServerResponse,
  reply: HttpReply,
  delivery: Delivery,
): Promise<string | undefined> {
  const slow = delivery.faults.find((fault): fault is Slow => fault.kind === 'slow');
  const spoiling = delivery.faults.find((fault) => fault.kind !== 'slow');
  if (slow !== undefined) await delivery.clock.sleep(slow.delayMillis, delivery.signal);
  if (response.destroyed) return 'client-gone';
  const whole = reply.body;
  const keep = spoiling?.kind === 'truncate' ? (spoiling.keep ?? 0.5) : 0.5;
  const part = whole.subarray(0, Math.floor(whole.length * keep));
  const sent = spoiling?.kind === 'truncate' && spoiling.how === 'cut-json' ? part : whole;
  // The date is the endpoint's, which may be wrong on purpose: never that of the machine.
  response.sendDate = false;
  response.writeHead(reply.status, {
    ...reply.headers,
    date: new Date(delivery.dateMillis).toUTCString(),
    'content-length': String(sent.length),
  });
  if (spoiling !== undefined && sent === whole) {
    await writePart(response, part);
    if (spoiling.kind === 'reset-in-body') response.socket?.resetAndDestroy();
    else response.destroy();
    return spoiling.kind;
  }
  if (slow?.bodyDelayMillis !== undefined) {
    await writePart(response, part);
    await delivery.clock.sleep(slow.bodyDelayMillis, delivery.signal);
    response.end(sent.subarray(part.length));
  } else {
    response.end(sent);
  }
  return spoiling?.kind ?? slow?.kind;
}

/** Resolves when the part is handed to the system; also when the connection broke. */
function writePart(response: ServerResponse, part: Buffer): Promise<void> {
  return new Promise((resolve) => {
    response.once('close', resolve);
    response.write(part, () => resolve());
  });
}
