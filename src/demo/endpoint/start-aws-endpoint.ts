import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../../foundation/clock.ts';
import { hashText } from '../../foundation/hash.ts';
import { type Logger, silentLogger } from '../../foundation/logger.ts';
import type { Random } from '../../foundation/random.ts';
import type { ReadableAwsWorld } from '../world/readable-aws-world.ts';
import { FaultBook } from './faults/fault-book.ts';
import type { EndpointParts } from './http/endpoint-parts.ts';
import { handleRequest } from './http/handle-request.ts';
import { PageTokens } from './page-tokens.ts';
import { RequestBook } from './request-book.ts';
import { type AccessKey, KeyRing } from './signature/key-ring.ts';
import { type AssumableRole, RoleBook } from './sts/role-book.ts';

export interface AwsEndpointOptions {
  readonly world: ReadableAwsWorld;
  /** What the Date header, visibility, expiry and tokens go by. */
  readonly clock: Clock;
  /** Draws faults and the keys of role sessions. */
  readonly random: Random;
  /** A free one when left out. */
  readonly port?: number;
  /** `127.0.0.1` when left out: the endpoint is for this machine. */
  readonly host?: string;
  /** The access keys that are good. When left out every key is, and no signature is checked. */
  readonly credentials?: readonly AccessKey[];
  /** The roles that may be assumed; every one when left out. */
  readonly roles?: readonly AssumableRole[];
  /** Regions that the account may use beside those with content; every one of the world's partition when left out. */
  readonly regions?: readonly string[];
  /** How many of the latest requests `requests.recent` tells of; 1,000 when left out. */
  readonly keepRequests?: number;
  /** Events that one FilterLogEvents looks at before it ends its page; 100,000 when left out. */
  readonly scannedEvents?: number;
  readonly logger?: Logger;
}

export interface AwsEndpoint {
  readonly url: string;
  readonly port: number;
  readonly faults: FaultBook;
  readonly requests: RequestBook;
  /** The good keys, which may change at any time. */
  readonly keys: KeyRing;
  /** Ends every connection, also those that hang. May be called again. */
  close(): Promise<void>;
}

/** Node's own 5 s would reset connections under clients that keep theirs for longer. */
const KEEP_ALIVE_MILLIS = 75_000;

/** CloudWatch Logs, ECS and STS of one account on one port, over plain HTTP. */
export async function startAwsEndpoint(options: AwsEndpointOptions): Promise<AwsEndpoint> {
  const stopping = new AbortController();
  const parts = endpointParts(options, stopping.signal);
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MILLIS }, (request, response) => {
    void handleRequest(parts, request, response);
  });
  const { address, port, family } = await listen(server, options.port ?? 0, options.host ?? '127.0.0.1');
  return {
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`,
    port,
    faults: parts.faults,
    requests: parts.requests,
    keys: parts.keys,
    close: async () => {
      stopping.abort(new Error('The demo endpoint closes.'));
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

function endpointParts(options: AwsEndpointOptions, signal: AbortSignal): EndpointParts {
  const { world, clock, random } = options;
  const keys = new KeyRing(options.credentials);
  return {
    world,
    clock,
    random,
    logger: options.logger ?? silentLogger,
    keys,
    roles: new RoleBook(options.roles, keys, random),
    tokens: new PageTokens(clock),
    faults: new FaultBook(clock, random),
    requests: new RequestBook(options.keepRequests ?? 1000),
    limits: { scannedEvents: options.scannedEvents ?? 100_000 },
    regions: options.regions,
    nextRequestId: requestIds(),
    signal,
  };
}

function listen(server: Server, port: number, host: string): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve(server.address() as AddressInfo);
    });
  });
}

/** In the form of a UUID, and the same in every run. */
function requestIds(): () => string {
  let serial = 0;
  return () => {
    const digits = hashText(`request ${++serial}`) + hashText(`id ${serial}`);
    return digits.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-4$3-a$4-$5');
  };
}
