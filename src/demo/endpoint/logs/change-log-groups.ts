import type { WorldLogGroup } from '../../aws-world.ts';
import type { ApiCall, Reply } from '../api-call.ts';
import { ApiError, invalidParameter } from '../api-error.ts';
import { constraint } from '../request-input.ts';
import { findLogGroup } from './find-log-group.ts';

const NOTHING: Reply = { value: {} };
const RETENTION_DAYS: ReadonlySet<number> = new Set([
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
]);

export function createLogGroup(call: ApiCall): Reply {
  const name = call.input.text('logGroupName');
  const rule = '[\\.\\-_/#A-Za-z0-9]+';
  if (name.length > 512 || !/^[.\-_/#A-Za-z0-9]+$/.test(name)) {
    throw constraint(name, 'logGroupName', `Member must satisfy regular expression pattern: ${rule}`);
  }
  if (call.content.groups.get(name) !== undefined) throw exists('The specified log group already exists');
  const logGroupClass = readClass(call.input.optionalText('logGroupClass'));
  call.world.createLogGroup({
    region: call.region,
    name,
    createdAtMillis: call.nowMillis,
    ...(logGroupClass === undefined ? {} : { logGroupClass }),
  });
  return NOTHING;
}

export function deleteLogGroup(call: ApiCall): Reply {
  call.world.deleteLogGroup(call.region, findLogGroup(call).name);
  return NOTHING;
}

export function createLogStream(call: ApiCall): Reply {
  const group = findLogGroup(call);
  const name = call.input.text('logStreamName');
  if (name.length > 512 || /[:*]/.test(name)) {
    throw constraint(name, 'logStreamName', 'Member must satisfy regular expression pattern: [^:*]*');
  }
  if (group.streams.get(name) !== undefined) throw exists('The specified log stream already exists');
  call.world.createLogStream(call.region, group.name, name, call.nowMillis);
  return NOTHING;
}

export function putRetentionPolicy(call: ApiCall): Reply {
  const group = findLogGroup(call);
  const days = call.input.optionalNumber('retentionInDays');
  if (days === undefined || !RETENTION_DAYS.has(days)) {
    throw invalidParameter(`The specified retentionInDays is not valid: ${days ?? 'none'}`);
  }
  call.world.setRetention(call.region, group.name, days);
  return NOTHING;
}

export function deleteRetentionPolicy(call: ApiCall): Reply {
  call.world.setRetention(call.region, findLogGroup(call).name, undefined);
  return NOTHING;
}

function readClass(text: string | undefined): WorldLogGroup['logGroupClass'] {
  if (text === undefined || text === 'STANDARD' || text === 'INFREQUENT_ACCESS' || text === 'DELIVERY')
    return text;
  throw constraint(
    text,
    'logGroupClass',
    'Member must satisfy enum value set: [STANDARD, INFREQUENT_ACCESS, DELIVERY]',
  );
}

function exists(message: string): ApiError {
  return new ApiError('ResourceAlreadyExistsException', message);
}
