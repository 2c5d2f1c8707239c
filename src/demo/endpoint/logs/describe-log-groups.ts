import type { LogGroup } from '../../world/log-group.ts';
import type { ApiCall, Reply } from '../api-call.ts';
import { invalidParameter } from '../api-error.ts';
import { listPage } from '../list-page.ts';
import { refuseToken } from './find-log-group.ts';

const nameOf = (group: LogGroup) => group.name;

export function describeLogGroups(call: ApiCall): Reply {
  const { input } = call;
  const prefix = input.optionalText('logGroupNamePrefix');
  const pattern = input.optionalText('logGroupNamePattern');
  if (prefix !== undefined && pattern !== undefined) {
    throw invalidParameter(
      'LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.',
    );
  }
  const limit = input.pageSize('limit', 50, 50);
  const groups = groupsOf(
    call,
    (group) => group.name.startsWith(prefix ?? '') && group.name.includes(pattern ?? ''),
  );
  const { items, nextToken } = listPage(call, groups, limit, refuseToken, nameOf);
  return { value: { logGroups: items.map(description), nextToken } };
}

/** `logGroupNamePattern` is a regular expression of letters, digits, `.-_/#`, `^` at its beginning and `|`. */
export function listLogGroups(call: ApiCall): Reply {
  const { input } = call;
  const pattern = input.optionalText('logGroupNamePattern');
  const limit = input.pageSize('limit', 1000, 50);
  const groups = groupsOf(call, nameMatcher(pattern));
  const { items, nextToken } = listPage(call, groups, limit, refuseToken, nameOf);
  return {
    value: {
      logGroups: items.map((group) => ({
        logGroupName: group.name,
        logGroupArn: group.arn,
        logGroupClass: group.logGroupClass,
      })),
      nextToken,
    },
  };
}

function groupsOf(call: ApiCall, isWanted: (group: LogGroup) => boolean): LogGroup[] {
  const logGroupClass = call.input.optionalText('logGroupClass');
  return call.content.groups
    .values()
    .filter(
      (group) =>
        group.createdAtMillis <= call.nowMillis &&
        (logGroupClass === undefined || group.logGroupClass === logGroupClass) &&
        isWanted(group),
    );
}

function nameMatcher(pattern: string | undefined): (group: LogGroup) => boolean {
  if (pattern === undefined) return () => true;
  if (!/^\^?[.\-_/#A-Za-z0-9]{3,24}(\|\^?[.\-_/#A-Za-z0-9]{3,24})*$/.test(pattern)) {
    throw invalidParameter('The specified logGroupNamePattern is invalid.');
  }
  const expression = new RegExp(pattern);
  return (group) => expression.test(group.name);
}

function description(group: LogGroup): object {
  return {
    logGroupName: group.name,
    creationTime: group.createdAtMillis,
    ...(group.retentionDays === undefined ? {} : { retentionInDays: group.retentionDays }),
    metricFilterCount: 0,
    arn: `${group.arn}:*`,
    storedBytes: group.storedBytes,
    logGroupClass: group.logGroupClass,
    logGroupArn: group.arn,
  };
}
