import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { Logger } from '../../foundation/logger.ts';

/** How long a request may take; the SDK itself sets no bound. */
export interface AwsTimeouts {
  readonly connectMillis: number;
  /** Until the headers of the reply are there. */
  readonly replyMillis: number;
  /** Longest silence while the body comes in. */
  readonly idleMillis: number;
  /** The whole attempt: a body that trickles is no reply either. */
  readonly attemptMillis: number;
}

export const DEFAULT_TIMEOUTS: AwsTimeouts = {
  connectMillis: 5_000,
  replyMillis: 30_000,
  idleMillis: 20_000,
  attemptMillis: 120_000,
};

const MAX_SOCKETS = 50;

/**
 * The connections of one account, shared by its clients: kept alive, bounded, and with timeouts. A proxy of the
 * environment (HTTPS_PROXY, HTTP_PROXY, NO_PROXY) is used, as the AWS command line does; never to this machine.
 */
export function connectionHandler(
  timeouts: AwsTimeouts,
  env: NodeJS.ProcessEnv,
  logger: Logger,
): NodeHttpHandler {
  const agentOptions = {
    keepAlive: true,
    maxSockets: MAX_SOCKETS,
    proxyEnv: proxyEnvironment(env),
  };
  return new NodeHttpHandler({
    connectionTimeout: timeouts.connectMillis,
    requestTimeout: timeouts.replyMillis,
    throwOnRequestTimeout: true,
    socketTimeout: timeouts.idleMillis,
    httpAgent: new HttpAgent(agentOptions),
    httpsAgent: new HttpsAgent(agentOptions),
    logger: handlerLogger(logger),
  });
}

function proxyEnvironment(env: NodeJS.ProcessEnv) {
  const direct = ['127.0.0.1', 'localhost', '[::1]', '::1', env.NO_PROXY ?? env.no_proxy ?? ''];
  return {
    HTTP_PROXY: env.HTTP_PROXY ?? env.http_proxy,
    HTTPS_PROXY: env.HTTPS_PROXY ?? env.https_proxy,
    NO_PROXY: direct.filter((host) => host !== '').join(','),
  };
}

/** The handler writes its warnings to the console when it is given no logger. */
function handlerLogger(logger: Logger) {
  const quiet = () => {};
  return {
    trace: quiet,
    debug: quiet,
    info: quiet,
    warn: (message: unknown) => logger.warn({}, String(message)),
    error: (message: unknown) => logger.error({}, String(message)),
  };
}
