import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { ECSClient } from '@aws-sdk/client-ecs';
import { STSClient } from '@aws-sdk/client-sts';
import type { NodeHttpHandler } from '@smithy/node-http-handler';
import type { MetadataBearer, MiddlewareStack } from '@smithy/types';
import type { RenewingCredentials } from '../credentials/renewing-credentials.ts';
import { LeanLogsProtocol } from './lean-logs-protocol.ts';

export interface ClientSettings {
  readonly region: string;
  readonly endpoint: string | undefined;
  readonly credentials: RenewingCredentials;
  readonly requestHandler: NodeHttpHandler;
}

/** One attempt a call: trying again is aws-caller's, which knows the budget. */
function clientConfig({ region, endpoint, credentials, requestHandler }: ClientSettings) {
  return {
    region,
    // The SDK keeps for ever what a provider without this mark gives, so that renewed keys would not reach it.
    credentials: Object.assign(() => credentials.provide(), { memoized: true }),
    requestHandler,
    maxAttempts: 1,
    ...(endpoint !== undefined && { endpoint }),
  };
}

export function logsClient(settings: ClientSettings): CloudWatchLogsClient {
  const client = new CloudWatchLogsClient({ ...clientConfig(settings), protocol: LeanLogsProtocol });
  keepDate(client.middlewareStack);
  return client;
}

export function ecsClient(settings: ClientSettings): ECSClient {
  const client = new ECSClient(clientConfig(settings));
  keepDate(client.middlewareStack);
  return client;
}

export function stsClient(settings: ClientSettings): STSClient {
  const client = new STSClient(clientConfig(settings));
  keepDate(client.middlewareStack);
  return client;
}

/**
 * Puts the reply's Date header beside its metadata, and takes the SDK's logger out: it makes a redacted copy of every
 * reply even when nobody logs.
 */
function keepDate<Input extends object, Output extends MetadataBearer>(
  stack: MiddlewareStack<Input, Output>,
): void {
  stack.remove('loggerMiddleware');
  stack.add(
    (next) => async (args) => {
      const result = await next(args);
      const { headers } = result.response as { readonly headers?: Readonly<Record<string, string>> };
      Object.assign(result.output?.$metadata ?? {}, { date: headers?.date });
      return result;
    },
    { step: 'deserialize', priority: 'high', name: 'logferryKeepDate' },
  );
}
