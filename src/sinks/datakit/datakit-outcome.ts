import type { WriteOutcome } from '../../contracts/sink.ts';
import type { HttpReply } from '../../sink-kit/http-transport.ts';
import { errorReply } from '../../sink-kit/line-protocol/error-reply.ts';
import { statusOutcome } from '../../sink-kit/line-protocol/status-outcome.ts';

/** Replies of a DataKit carry `X-Datakit: <version>/<host>`. */
export function isFromDatakit(reply: HttpReply): boolean {
  return reply.headers['x-datakit'] !== undefined;
}

/**
 * Success is 200 and the mark of a DataKit: a crash inside its handler reaches the client as a bare 200 (seen on 1.84.1),
 * and so does many a proxy's page.
 */
export function datakitOutcome(reply: HttpReply, nowMillis: number): WriteOutcome {
  if (reply.status === 200) {
    if (isFromDatakit(reply)) return { kind: 'delivered' };
    return {
      kind: 'retry',
      reason: 'no_receipt',
      detail: 'HTTP 200 without the header X-Datakit.',
      mayHaveArrived: true,
    };
  }
  const outcome = statusOutcome(reply, nowMillis);
  if (outcome.kind !== 'rejected' || reply.status === 413 || isSurelyDatakits(reply)) return outcome;
  const { detail } = outcome;
  return { kind: 'retry', reason: `http_${reply.status}`, detail, mayHaveArrived: false };
}

function isSurelyDatakits(reply: HttpReply): boolean {
  return isFromDatakit(reply) || (errorReply(reply)?.code.startsWith('datakit.') ?? false);
}
