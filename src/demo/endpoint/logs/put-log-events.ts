import type { WorldEvent } from '../../aws-world.ts';
import type { LogGroup } from '../../world/log-group.ts';
import { EVENT_OVERHEAD_BYTES } from '../../world/stored-event.ts';
import type { ApiCall, Reply } from '../api-call.ts';
import { ApiError, invalidParameter, resourceNotFound } from '../api-error.ts';
import { UPLOAD_SEQUENCE_TOKEN } from './describe-log-streams.ts';
import { findLogGroup } from './find-log-group.ts';

const HOUR_MILLIS = 60 * 60 * 1000;
const TOO_OLD_MILLIS = 14 * 24 * HOUR_MILLIS;
const TOO_NEW_MILLIS = 2 * HOUR_MILLIS;
const MAX_BATCH_EVENTS = 10_000;
const MAX_BATCH_BYTES = 1_048_576;

/** Takes what is between 14 days old (or the retention) and two hours ahead; tells what it left out, as the service does. */
export function putLogEvents(call: ApiCall): Reply {
  const group = findLogGroup(call);
  const streamName = call.input.text('logStreamName');
  if (group.streams.get(streamName) === undefined) {
    throw resourceNotFound('The specified log stream does not exist.');
  }
  const events = call.input.list('logEvents').map((event) => readEvent(event, call.nowMillis));
  checkBatch(events);
  const { tooOldEnd, expiredEnd, tooNewStart } = rejected(events, group, call.nowMillis);
  const from = Math.max(tooOldEnd ?? 0, expiredEnd ?? 0);
  const taken = events.slice(from, tooNewStart ?? events.length);
  call.world.putEvents(call.region, group.name, streamName, taken);
  const info = {
    tooNewLogEventStartIndex: tooNewStart,
    tooOldLogEventEndIndex: tooOldEnd,
    expiredLogEventEndIndex: expiredEnd,
  };
  const isWhole = taken.length === events.length;
  return {
    value: {
      nextSequenceToken: UPLOAD_SEQUENCE_TOKEN,
      ...(isWhole ? {} : { rejectedLogEventsInfo: info }),
    },
  };
}

function readEvent(event: unknown, nowMillis: number): WorldEvent {
  const { timestamp, message } = (event ?? {}) as { timestamp?: unknown; message?: unknown };
  if (typeof timestamp !== 'number' || typeof message !== 'string') {
    throw new ApiError('SerializationException', 'An entry of logEvents has no timestamp or no message.');
  }
  if (!Number.isSafeInteger(timestamp) || timestamp < 0 || message === '') {
    throw invalidParameter(
      'Log events must have a timestamp of whole milliseconds since 1970 and a message of at least one character.',
    );
  }
  return { timestampMillis: timestamp, message, ingestedMillis: nowMillis };
}

function checkBatch(events: readonly WorldEvent[]): void {
  if (events.length === 0 || events.length > MAX_BATCH_EVENTS) {
    throw invalidParameter(
      `1 validation error detected: Value at 'logEvents' failed to satisfy constraint: Member must have length between 1 and ${MAX_BATCH_EVENTS}`,
    );
  }
  const bytes = events.reduce(
    (sum, { message }) => sum + Buffer.byteLength(message) + EVENT_OVERHEAD_BYTES,
    0,
  );
  if (bytes > MAX_BATCH_BYTES) {
    throw invalidParameter(`Upload too large: ${bytes} bytes exceeds limit of ${MAX_BATCH_BYTES}`);
  }
  if (events.some((event, index) => event.timestampMillis < (events[index - 1]?.timestampMillis ?? 0))) {
    throw invalidParameter('Log events in a single PutLogEvents request must be in chronological order.');
  }
}

function rejected(events: readonly WorldEvent[], group: LogGroup, nowMillis: number) {
  const endOfThoseBefore = (millis: number): number | undefined => {
    const end = events.filter((event) => event.timestampMillis < millis).length;
    return end === 0 ? undefined : end;
  };
  const start = events.findIndex((event) => event.timestampMillis > nowMillis + TOO_NEW_MILLIS);
  return {
    tooOldEnd: endOfThoseBefore(nowMillis - TOO_OLD_MILLIS),
    expiredEnd: endOfThoseBefore(group.retentionStart(nowMillis)),
    tooNewStart: start === -1 ? undefined : start,
  };
}
