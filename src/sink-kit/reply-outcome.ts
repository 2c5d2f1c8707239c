import type { WriteOutcome } from '../contracts/sink.ts';
import type { TransportFailure } from './transport-failure.ts';

const MAX_DETAIL_CHARACTERS = 300;

/** No reply is always "try later"; whether it may have arrived depends on how far it came. */
export function failureOutcome(failure: TransportFailure): WriteOutcome {
  return {
    kind: 'retry',
    reason: failure.reason,
    detail: boundedDetail(failure.detail),
    mayHaveArrived: failure.sent,
  };
}

/** One line of bounded length: replies echo what was sent, and what was sent does not belong in logs and errors. */
export function boundedDetail(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length <= MAX_DETAIL_CHARACTERS ? line : `${line.slice(0, MAX_DETAIL_CHARACTERS)}…`;
}
