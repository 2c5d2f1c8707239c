import { type Random, systemRandom } from '../../foundation/random.ts';
import { crashedReply, errorReply, type StandInReply } from './stand-in-reply.ts';

/**
 * How a request goes wrong. `taken` says whether its points are taken before that: then the data has arrived although
 * the client is told otherwise, or nothing at all.
 */
export type Fault =
  | { readonly kind: 'reply'; readonly reply: StandInReply; readonly taken?: boolean }
  /** The connection is reset; not taken means before the body is read. */
  | { readonly kind: 'reset'; readonly taken?: boolean }
  /** No reply, until the client gives up or the stand-in is closed. */
  | { readonly kind: 'hang'; readonly taken?: boolean }
  /** As always, but later. */
  | { readonly kind: 'slow'; readonly millis: number };

export interface FaultRule {
  /** How many requests it strikes; without end when left out. */
  readonly times?: number;
  /** Requests that pass before the first is struck. */
  readonly after?: number;
  /** Share of the requests that it strikes, 0 to 1; all when left out. */
  readonly probability?: number;
  /** What it strikes: writes when left out. */
  readonly path?: 'write' | 'ping' | 'all';
}

interface ArmedFault {
  readonly fault: Fault;
  readonly rule: FaultRule;
  left: number;
  toPass: number;
}

/** The script of what goes wrong; rules are asked in the order in which they were added, the first that strikes counts. */
export class Faults {
  readonly #random: Random;
  #armed: ArmedFault[] = [];
  #struck = 0;

  constructor(random: Random = systemRandom) {
    this.#random = random;
  }

  /** Requests that a fault struck. */
  get struck(): number {
    return this.#struck;
  }

  /** True while some fault may still strike. */
  get areArmed(): boolean {
    return this.#armed.length > 0;
  }

  add(fault: Fault, rule: FaultRule = {}): void {
    this.#armed.push({ fault, rule, left: rule.times ?? Number.POSITIVE_INFINITY, toPass: rule.after ?? 0 });
  }

  clear(): void {
    this.#armed = [];
  }

  /** The fault that strikes this request, if any. */
  next(path: 'write' | 'ping'): Fault | undefined {
    for (const armed of this.#armed) {
      const wanted = armed.rule.path ?? 'write';
      if (wanted !== 'all' && wanted !== path) continue;
      if (armed.toPass > 0) {
        armed.toPass--;
        continue;
      }
      if (armed.rule.probability !== undefined && this.#random.next() >= armed.rule.probability) continue;
      this.#struck++;
      if (--armed.left <= 0) this.#armed = this.#armed.filter((other) => other !== armed);
      return armed.fault;
    }
    return undefined;
  }
}

/** Replies that a client of DataKit meets in the field. */
export const FAULT_REPLIES = {
  badPoint: errorReply(400, 'datakit.invalidLinePoint', 'missing fields'),
  publicAccessDisabled: errorReply(
    403,
    'datakit.publicAccessDisabled',
    'api /v1/write/logging disabled from public',
  ),
  /** DataKit's own timeout. The handler goes on: scripted with `taken`, the batch is delivered all the same. */
  timeout: { status: 408, contentType: 'text/plain', body: 'timeout(30s)' },
  /** Of a proxy in front of it. */
  tooLarge: {
    status: 413,
    contentType: 'text/html',
    body: '<html><head><title>413 Request Entity Too Large</title></head></html>',
    isDataKits: false,
  },
  rateLimited: errorReply(429, 'datakit.reachMaxAPILimit', 'reach max API limit'),
  serverError: errorReply(500, 'datakit.httpReadError', 'HTTP read error'),
  badGateway: {
    status: 502,
    contentType: 'text/html',
    body: '<html><head><title>502 Bad Gateway</title></head></html>',
    isDataKits: false,
  },
  unavailable: { status: 503, contentType: 'text/plain', body: 'Service Unavailable', isDataKits: false },
  /** A 200 of some other web server. */
  htmlPage: {
    status: 200,
    contentType: 'text/html',
    body: '<!doctype html><html><body>It works!</body></html>',
    isDataKits: false,
  },
  /** A 200 of some other API. */
  otherJson: { status: 200, contentType: 'application/json', body: '{"ok":true}', isDataKits: false },
  /** DataKit itself, crashed inside its handler. */
  crashed: crashedReply,
} as const satisfies Record<string, StandInReply>;

/** Neither DataKit nor its limiter sends Retry-After; proxies in front of it do. */
export function rateLimitedFor(seconds: number): StandInReply {
  return { ...FAULT_REPLIES.rateLimited, headers: { 'retry-after': String(seconds) } };
}
