import { isAbort } from '../../foundation/logferry-error.ts';
import { logGroupArn } from './log-group.ts';

/** Where this very process logs to when it is an ECS task. Reading that would feed Logferry its own output. */
export interface OwnLogs {
  readonly groupArn: string;
  readonly group: string;
  readonly region: string;
  readonly stream: string;
  /** Family of its task definition: what its replicas have in common. */
  readonly family: string;
}

const TIMEOUT_MILLIS = 2000;

/**
 * Asks the ECS agent's metadata endpoint, which the agent names in ECS_CONTAINER_METADATA_URI_V4. undefined outside
 * of ECS, with another log driver, or when the agent does not answer; throws only when aborted.
 */
export async function findOwnLogs(
  metadataUri: string | undefined,
  signal: AbortSignal,
): Promise<OwnLogs | undefined> {
  if (metadataUri === undefined || metadataUri === '') return undefined;
  try {
    const reply = await fetch(metadataUri, {
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MILLIS)]),
    });
    return reply.ok ? ownLogsOf(await reply.json()) : undefined;
  } catch (thrown) {
    if (signal.aborted && isAbort(thrown)) throw thrown;
    return undefined;
  }
}

/** Reads the container metadata (version 4); undefined when it does not say all that is needed. */
export function ownLogsOf(metadata: unknown): OwnLogs | undefined {
  const { LogDriver: driver, LogOptions: options, Labels: labels } = record(metadata);
  const group = record(options)['awslogs-group'];
  const region = record(options)['awslogs-region'];
  const taskArn = record(labels)['com.amazonaws.ecs.task-arn'];
  if (driver !== 'awslogs' || typeof group !== 'string' || typeof region !== 'string') return undefined;
  if (typeof taskArn !== 'string') return undefined;
  const [, partition, , , accountId] = taskArn.split(':');
  if (partition === undefined || accountId === undefined) return undefined;
  const stream = record(options)['awslogs-stream'];
  const family = record(labels)['com.amazonaws.ecs.task-definition-family'];
  return {
    groupArn: logGroupArn(partition, region, accountId, group),
    group,
    region,
    stream: typeof stream === 'string' ? stream : '',
    family: typeof family === 'string' ? family : '',
  };
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
