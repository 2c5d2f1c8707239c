import type { IncomingHttpHeaders } from 'node:http';
import type { Operation, ServiceName } from '../api-call.ts';
import { ApiError } from '../api-error.ts';
import { ecsOperations } from '../ecs/ecs-operations.ts';
import { logsOperations } from '../logs/logs-operations.ts';
import type { Parameters } from '../request-input.ts';
import { stsOperations } from '../sts/sts-operations.ts';

export interface Route {
  readonly service: ServiceName;
  readonly action: string;
  /** undefined when the service has no such operation here. */
  readonly operation: Operation | undefined;
}

const TARGETS: Readonly<
  Record<string, { service: ServiceName; operations: Readonly<Record<string, Operation>> }>
> = {
  Logs_20140328: { service: 'logs', operations: logsOperations },
  AmazonEC2ContainerServiceV20141113: { service: 'ecs', operations: ecsOperations },
};

/** By `X-Amz-Target` for AWS JSON 1.1, by the form's `Action` for the query protocol of STS. */
export function routeRequest(headers: IncomingHttpHeaders, form: URLSearchParams | undefined): Route {
  if (form !== undefined) {
    const action = form.get('Action') ?? '';
    return { service: 'sts', action: knownWord(action), operation: own(stsOperations, action) };
  }
  const [prefix = '', action = ''] = String(headers['x-amz-target'] ?? '').split('.', 2);
  const target = Object.hasOwn(TARGETS, prefix) ? TARGETS[prefix] : undefined;
  return {
    service: target?.service ?? 'logs',
    action: knownWord(action),
    operation: own(target?.operations ?? {}, action),
  };
}

export function formOf(headers: IncomingHttpHeaders, body: Buffer): URLSearchParams | undefined {
  const type = headers['content-type'] ?? '';
  return type.startsWith('application/x-www-form-urlencoded')
    ? new URLSearchParams(body.toString())
    : undefined;
}

/** Throws SerializationException for what is no JSON object. */
export function parametersOf(body: Buffer, form: URLSearchParams | undefined): Parameters {
  if (form !== undefined) return Object.fromEntries(form);
  if (body.length === 0) return {};
  let value: unknown;
  try {
    value = JSON.parse(body.toString());
  } catch {
    throw new ApiError('SerializationException', 'The body of the request is no JSON.');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ApiError('SerializationException', 'Start of structure or map found where not expected.');
  }
  return value as Parameters;
}

function own(operations: Readonly<Record<string, Operation>>, action: string): Operation | undefined {
  return Object.hasOwn(operations, action) ? operations[action] : undefined;
}

/** Action names are counted: whatever else comes is one word, so that a stranger cannot fill the counters. */
function knownWord(action: string): string {
  return /^[A-Z][A-Za-z]{2,60}$/.test(action) ? action : 'Unknown';
}
