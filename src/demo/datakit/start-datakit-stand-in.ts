import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../../foundation/clock.ts';
import { type Fault, Faults } from './faults.ts';
import { readBody } from './read-body.ts';
import { ReceivedPoints } from './received-points.ts';
import { RefusingServer } from './refusing-server.ts';
import { type ApiRequest, STAND_IN_HOST, STAND_IN_VERSION, StandInApi } from './stand-in-api.ts';
import type { DataKitStandIn, DataKitStandInOptions, StandInCounters } from './stand-in-options.ts';
import { errorReply, type StandInReply } from './stand-in-reply.ts';

const DEFAULT_MAX_BODY_BYTES = 64 * 1024 * 1024;

/**
 * A stand-in of DataKit 1.84.1's HTTP API, for the demo and for tests: it takes, refuses and alters points as a real one
 * was seen to do, and can be told to misbehave. With `dataway` it is the public intake instead.
 */
export async function startDataKitStandIn(options: DataKitStandInOptions): Promise<DataKitStandIn> {
  const standIn = new StandIn(options);
  await standIn.accept();
  return standIn;
}

class StandIn implements DataKitStandIn {
  readonly received: ReceivedPoints;
  readonly faults: Faults;
  readonly #api: StandInApi;
  readonly #clock: Clock;
  readonly #options: DataKitStandInOptions;
  readonly #server: RefusingServer;
  readonly #ending = new AbortController();
  readonly #statuses = new Map<number, number>();
  #requests = 0;
  #writes = 0;
  #bytes = 0;

  constructor(options: DataKitStandInOptions) {
    this.#options = options;
    this.#clock = options.clock;
    this.received = options.received ?? new ReceivedPoints(options.storage);
    this.faults = new Faults(options.random);
    this.#api = new StandInApi(options, this.received);
    this.#server = new RefusingServer(options.host ?? '127.0.0.1', options.port ?? 0, (request, response) => {
      void this.#serve(request, response).catch(() => request.socket.destroy());
    });
  }

  get port(): number {
    return this.#server.port;
  }

  get url(): string {
    return this.#server.url;
  }

  get points(): number {
    return this.received.count;
  }

  get requests(): number {
    return this.#requests;
  }

  get counters(): StandInCounters {
    return {
      requests: this.#requests,
      writes: this.#writes,
      statuses: Object.fromEntries(this.#statuses),
      bytes: this.#bytes,
      droppedOversize: this.#api.droppedOversize,
    };
  }

  refuse(): Promise<void> {
    return this.#server.refuse();
  }

  accept(): Promise<void> {
    return this.#server.accept();
  }

  close(): Promise<void> {
    this.#ending.abort(new Error('The stand-in is closed.'));
    return this.#server.refuse();
  }

  async #serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    this.#requests++;
    const request = apiRequest(incoming);
    const isWrite = request.url.pathname.startsWith('/v1/write');
    if (isWrite) this.#writes++;
    const fault = this.faults.next(isWrite ? 'write' : 'ping');
    if (fault?.kind === 'slow') await this.#clock.sleep(fault.millis, this.#ending.signal);
    if (fault === undefined || fault.kind === 'slow') {
      this.#answer(response, await this.#reply(request, incoming), isWrite);
      return;
    }
    if (fault.taken) await this.#reply(request, incoming);
    await this.#strike(fault, incoming, response, isWrite);
  }

  async #reply(request: ApiRequest, incoming: IncomingMessage): Promise<StandInReply> {
    const early = this.#api.beforeBody(request);
    const body = await readBody(incoming, this.#options.maxBodyBytes ?? DEFAULT_MAX_BODY_BYTES);
    if (early !== undefined) return early;
    if (body === undefined) {
      return { ...errorReply(413, 'proxy.bodyTooLarge', 'request entity too large'), isDataKits: false };
    }
    this.#bytes += body.length;
    return this.#api.write(request, body);
  }

  async #strike(
    fault: Exclude<Fault, { kind: 'slow' }>,
    incoming: IncomingMessage,
    response: ServerResponse,
    isWrite: boolean,
  ): Promise<void> {
    switch (fault.kind) {
      case 'reply':
        // Read to its end, so that the connection can go on.
        if (!fault.taken) await readBody(incoming, Number.POSITIVE_INFINITY);
        this.#answer(response, fault.reply, isWrite);
        return;
      case 'reset':
        incoming.socket.resetAndDestroy();
        return;
      case 'hang':
        // The client's giving up, or close(), ends it.
        incoming.resume();
    }
  }

  #answer(response: ServerResponse, reply: StandInReply, isWrite: boolean): void {
    if (isWrite) this.#statuses.set(reply.status, (this.#statuses.get(reply.status) ?? 0) + 1);
    const body = reply.body ?? '';
    const isDataKits = reply.isDataKits !== false && this.#options.dataway === undefined;
    response.writeHead(reply.status, {
      'content-length': Buffer.byteLength(body),
      ...(reply.contentType === undefined ? {} : { 'content-type': reply.contentType }),
      ...(isDataKits ? { 'x-datakit': `${STAND_IN_VERSION}/${STAND_IN_HOST}` } : {}),
      ...reply.headers,
    });
    response.end(body);
  }
}

function apiRequest(incoming: IncomingMessage): ApiRequest {
  return {
    method: incoming.method ?? '',
    url: parsedUrl(incoming.url),
    encoding: incoming.headers['content-encoding'],
    contentType: incoming.headers['content-type'] ?? '',
  };
}

function parsedUrl(path = '/'): URL {
  return URL.parse(`http://stand-in${path.startsWith('/') ? path : '/'}`) ?? new URL('http://stand-in/');
}
