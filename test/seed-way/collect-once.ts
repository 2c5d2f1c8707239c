import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { run } from './aws-ecs-log.ts';
import { type FunctionCache, memoryCache } from './function-cache.ts';

export interface CollectOnceOptions {
  /** URL of the AWS endpoint. */
  readonly endpoint: string;
  readonly region: string;
  /** Each has a trigger of its own on the platform; here they run one after the other, in this order. */
  readonly groups: readonly string[];
  readonly datakitUrl: string;
  /** What the cursors are kept in from run to run; a new one when left out: every run is the first. */
  readonly cache?: FunctionCache;
  /** Unix milliseconds; the machine's time when left out. */
  readonly now?: () => number;
  /** `ecs_log_source` when left out, as in the seed. */
  readonly measurement?: string;
  /** 60 when left out, as in the seed. */
  readonly intervalSeconds?: number;
  readonly print?: (text: string) => void;
}

/** boto3's defaults. */
const ATTEMPTS = 5;
const TIMEOUT_MILLIS = 60_000;

/** What a platform does when the triggers of the seed's script are due: one run for each log group. */
export async function collectOnce(options: CollectOnceOptions): Promise<void> {
  const now = options.now ?? Date.now;
  const platform = {
    datakit: { url: options.datakitUrl, now },
    cache: options.cache ?? memoryCache(),
    now,
    print: options.print ?? (() => {}),
  };
  for (const logGroupName of options.groups) {
    const measurement = options.measurement ?? 'ecs_log_source';
    const logs = logsClient(options);
    try {
      await run(
        { measurement, logGroupName, interval: options.intervalSeconds ?? 60 },
        { ...platform, logs },
      );
    } finally {
      logs.destroy();
    }
  }
}

/** Every run of the script makes its own. */
function logsClient({ endpoint, region }: CollectOnceOptions): CloudWatchLogsClient {
  return new CloudWatchLogsClient({
    endpoint,
    region,
    credentials: { accessKeyId: 'AKIATESTTESTTESTTEST', secretAccessKey: 'any' },
    maxAttempts: ATTEMPTS,
    // Else every error of an endpoint whose time is not the machine's would be tried again, which boto3 does not do.
    disableClockSkewCorrection: true,
    requestHandler: new NodeHttpHandler({
      connectionTimeout: TIMEOUT_MILLIS,
      socketTimeout: TIMEOUT_MILLIS,
    }),
  });
}
