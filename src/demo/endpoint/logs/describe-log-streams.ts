import type { LogStream } from '../../world/log-stream.ts';
import type { ApiCall, Reply } from '../api-call.ts';
import { invalidParameter } from '../api-error.ts';
import { listPage } from '../list-page.ts';
import { constraint } from '../request-input.ts';
import { findLogGroup, refuseToken } from './find-log-group.ts';

export function describeLogStreams(call: ApiCall): Reply {
  const { input, nowMillis } = call;
  const group = findLogGroup(call);
  const limit = input.pageSize('limit', 50, 50);
  const order = input.optionalText('orderBy') ?? 'LogStreamName';
  const prefix = input.optionalText('logStreamNamePrefix');
  if (order !== 'LogStreamName' && order !== 'LastEventTime') {
    throw constraint(order, 'orderBy', 'Member must satisfy enum value set: [LogStreamName, LastEventTime]');
  }
  if (order === 'LastEventTime' && prefix !== undefined) {
    throw invalidParameter('Cannot order by LastEventTime with a logStreamNamePrefix.');
  }
  const fromMillis = group.retentionStart(nowMillis);
  const streams = group.streams
    .withPrefix(prefix ?? '')
    .filter((stream) => stream.createdAtMillis <= nowMillis);
  if (order === 'LastEventTime') sortByLastEvent(streams, fromMillis, nowMillis);
  if (input.flag('descending')) streams.reverse();
  const byName = order === 'LogStreamName' && !input.flag('descending');
  const { items, nextToken } = listPage(
    call,
    streams,
    limit,
    refuseToken,
    byName ? (stream) => stream.name : undefined,
  );
  const describe = (stream: LogStream) => {
    const times = stream.times(fromMillis, nowMillis);
    return {
      logStreamName: stream.name,
      creationTime: stream.createdAtMillis,
      ...(times === undefined
        ? {}
        : {
            firstEventTimestamp: times.firstEventMillis,
            lastEventTimestamp: times.lastEventMillis,
            lastIngestionTime: times.lastIngestionMillis,
          }),
      uploadSequenceToken: UPLOAD_SEQUENCE_TOKEN,
      arn: `${group.arn}:log-stream:${stream.name}`,
      storedBytes: 0,
    };
  };
  return { value: { logStreams: items.map(describe), nextToken } };
}

/** Has meant nothing since 2023, and is answered still. */
export const UPLOAD_SEQUENCE_TOKEN = '49039859642446814261352450302432917171420914462512349394';

function sortByLastEvent(streams: LogStream[], fromMillis: number, nowMillis: number): void {
  const lastOf = new Map(
    streams.map((stream) => [stream, stream.times(fromMillis, nowMillis)?.lastEventMillis ?? -1]),
  );
  streams.sort((left, right) => (lastOf.get(left) ?? -1) - (lastOf.get(right) ?? -1));
}
