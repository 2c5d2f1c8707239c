import type { ServiceName } from '../api-call.ts';
import type { Parameters } from '../request-input.ts';

export interface DeniedSubject {
  readonly service: ServiceName;
  readonly action: string;
  readonly region: string;
  readonly parameters: Parameters;
  readonly partition: string;
  readonly accountId: string;
  readonly callerArn: string;
}

/** The resource that the service names when it denies the action; the forms were seen in users' reports. */
export function deniedResource(subject: DeniedSubject): string {
  const { service, action, region, parameters, partition, accountId } = subject;
  if (service === 'sts') return textOf(parameters, 'RoleArn') ?? '*';
  const base = `arn:${partition}:${service}:${region}:${accountId}`;
  if (service === 'logs') {
    const group = requestedGroup(parameters) ?? '';
    const stream =
      action === 'GetLogEvents' || action === 'PutLogEvents' ? textOf(parameters, 'logStreamName') : '';
    return `${base}:log-group:${group}:log-stream:${stream ?? ''}`;
  }
  const cluster = (textOf(parameters, 'cluster') ?? 'default').split('/').at(-1) ?? '';
  if (action === 'DescribeClusters') return `${base}:cluster/${firstOf(parameters, 'clusters') ?? 'default'}`;
  if (action === 'DescribeServices')
    return `${base}:service/${cluster}/${firstOf(parameters, 'services') ?? ''}`;
  if (action === 'DescribeTasks') return `${base}:task/${cluster}/${firstOf(parameters, 'tasks') ?? ''}`;
  if (action === 'ListTasks') return `${base}:container-instance/${cluster}/*`;
  return '*';
}

/** Name of the log group that a request is about. */
export function requestedGroup(parameters: Parameters): string | undefined {
  const named = textOf(parameters, 'logGroupName') ?? textOf(parameters, 'logGroupIdentifier');
  return named?.replace(/^arn:[^:]*:logs:[^:]*:[^:]*:log-group:/, '');
}

function textOf(parameters: Parameters, name: string): string | undefined {
  const value = parameters[name];
  return typeof value === 'string' ? value : undefined;
}

function firstOf(parameters: Parameters, name: string): string | undefined {
  const list: unknown = parameters[name];
  const [first]: unknown[] = Array.isArray(list) ? list : [];
  return typeof first === 'string' ? first.split('/').at(-1) : undefined;
}
