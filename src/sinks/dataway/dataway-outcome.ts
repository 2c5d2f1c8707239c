import type { WriteOutcome } from '../../contracts/sink.ts';
import type { HttpReply } from '../../sink-kit/http-transport.ts';
import { statusOutcome } from '../../sink-kit/line-protocol/status-outcome.ts';

/** Success is any 2xx that is no web page: captive portals and proxies answer with those. */
export function datawayOutcome(reply: HttpReply, nowMillis: number): WriteOutcome {
  if (reply.status < 200 || reply.status > 299) return statusOutcome(reply, nowMillis);
  if (!isWebPage(reply)) return { kind: 'delivered' };
  return {
    kind: 'retry',
    reason: 'not_dataway',
    detail: `HTTP ${reply.status} with a web page.`,
    mayHaveArrived: false,
  };
}

export function isWebPage(reply: HttpReply): boolean {
  return /\bhtml\b/i.test(reply.headers['content-type'] ?? '') || /^\s*<(!doctype|html)/i.test(reply.body);
}
