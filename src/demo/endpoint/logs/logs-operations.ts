import type { Operation } from '../api-call.ts';
import {
  createLogGroup,
  createLogStream,
  deleteLogGroup,
  deleteRetentionPolicy,
  putRetentionPolicy,
} from './change-log-groups.ts';
import { describeLogGroups, listLogGroups } from './describe-log-groups.ts';
import { describeLogStreams } from './describe-log-streams.ts';
import { filterLogEvents } from './filter-log-events.ts';
import { findLogGroup } from './find-log-group.ts';
import { getLogEvents } from './get-log-events.ts';
import { putLogEvents } from './put-log-events.ts';

const paged = { tokenParameter: 'nextToken' } as const;

export const logsOperations: Readonly<Record<string, Operation>> = {
  FilterLogEvents: { ...paged, run: filterLogEvents },
  GetLogEvents: { ...paged, run: getLogEvents },
  DescribeLogGroups: { ...paged, run: describeLogGroups },
  ListLogGroups: { ...paged, run: listLogGroups },
  DescribeLogStreams: { ...paged, run: describeLogStreams },
  PutLogEvents: { run: putLogEvents },
  CreateLogGroup: { run: createLogGroup },
  DeleteLogGroup: { run: deleteLogGroup },
  CreateLogStream: { run: createLogStream },
  PutRetentionPolicy: { run: putRetentionPolicy },
  DeleteRetentionPolicy: { run: deleteRetentionPolicy },
  // The world keeps no tags; the older name of the operation names its group as the others do.
  ListTagsForResource: { run: () => ({ value: { tags: {} } }) },
  ListTagsLogGroup: {
    run: (call) => {
      findLogGroup(call);
      return { value: { tags: {} } };
    },
  },
};
