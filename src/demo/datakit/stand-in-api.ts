import type { Clock } from '../../foundation/clock.ts';
import { decodeBody } from './decode-body.ts';
import type { ReceivedPoints } from './received-points.ts';
import { RequestLimit } from './request-limit.ts';
import type { DataKitStandInOptions } from './stand-in-options.ts';
import { errorReply, notFoundPage, type StandInReply } from './stand-in-reply.ts';
import { writePoints } from './write-request.ts';

export const STAND_IN_VERSION = '1.84.1';
export const STAND_IN_HOST = 'demo-datakit';

const CATEGORIES = new Set([
  'logging',
  'metric',
  'network',
  'keyevent',
  'object',
  'custom_object',
  'tracing',
  'rum',
  'security',
  'profiling',
  'dialtesting',
]);
const WRITE = '/v1/write/';

export interface ApiRequest {
  readonly method: string;
  readonly url: URL;
  readonly encoding: string | undefined;
  readonly contentType: string;
}

/** The decisions of the stand-in's API, apart from HTTP and from faults. */
export class StandInApi {
  readonly #clock: Clock;
  readonly #options: DataKitStandInOptions;
  readonly #received: ReceivedPoints;
  readonly #limit: RequestLimit | undefined;
  readonly #startedAt: number;
  #droppedOversize = 0;

  constructor(options: DataKitStandInOptions, received: ReceivedPoints) {
    this.#clock = options.clock;
    this.#options = options;
    this.#received = received;
    const perSecond = options.maxRequestsPerSecond;
    this.#limit = perSecond === undefined ? undefined : new RequestLimit(perSecond, options.clock);
    this.#startedAt = options.clock.monotonic();
  }

  get droppedOversize(): number {
    return this.#droppedOversize;
  }

  /** What can be said before the body is read; undefined for a write that goes on. */
  beforeBody(request: ApiRequest): StandInReply | undefined {
    if (this.#limit?.tryTake() === false) {
      return errorReply(429, 'datakit.reachMaxAPILimit', 'reach max API limit');
    }
    const { pathname } = request.url;
    if (request.method === 'GET' && pathname === '/v1/ping') return this.#ping();
    if (request.method !== 'POST' || !pathname.startsWith(WRITE)) return notFoundPage;
    const wrongToken = this.#checkToken(request.url.searchParams.get('token'));
    if (wrongToken !== undefined) return wrongToken;
    return CATEGORIES.has(pathname.slice(WRITE.length))
      ? undefined
      : errorReply(400, 'datakit.invalidCategory', `invalid category: ${pathname}`);
  }

  async write(request: ApiRequest, raw: Buffer): Promise<StandInReply> {
    const decoded = await decodeBody(raw, request.encoding);
    if (decoded.kind === 'refused') return decoded.reply;
    const query = request.url.searchParams;
    const isDataway = this.#options.dataway !== undefined;
    const withHostTags =
      !isDataway && !query.has('ignore_global_host_tags') && !query.has('ignore_global_tags');
    const { reply, droppedOversize } = writePoints(
      {
        body: decoded.body,
        contentType: request.contentType,
        query,
        rules: {
          nowMillis: this.#clock.now(),
          category: request.url.pathname.slice(WRITE.length),
          correctTimestamps: !isDataway && (this.#options.correctTimestamps ?? true),
          hostTags: withHostTags ? { host: STAND_IN_HOST, ip: '127.0.0.1' } : {},
        },
      },
      this.#received,
    );
    this.#droppedOversize += droppedOversize;
    return reply;
  }

  #ping(): StandInReply {
    const uptime = `${Math.floor((this.#clock.monotonic() - this.#startedAt) / 1000)}s`;
    const content = { version: STAND_IN_VERSION, uptime, host: STAND_IN_HOST, commit: 'demo' };
    return { status: 200, contentType: 'application/json', body: JSON.stringify({ content }) };
  }

  /** The centre's own words for a token that it does not know; of a missing one nothing is known, so the same. */
  #checkToken(token: string | null): StandInReply | undefined {
    const { dataway } = this.#options;
    if (dataway === undefined || token === dataway.token) return undefined;
    return errorReply(403, 'kodo.tokenNotFound', 'token not found');
  }
}
