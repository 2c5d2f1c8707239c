import type { ReadPriority } from '../contracts/pull-source.ts';
import type { Clock } from '../foundation/clock.ts';
import { LogferryError } from '../foundation/logferry-error.ts';
import {
  afterSuccess,
  afterThrottling,
  type BucketLimits,
  fullBucket,
  type TokenBucket,
  takeToken,
  tightened,
} from './budget/token-bucket.ts';
import { WaitingLine } from './budget/waiting-line.ts';

/** The right to send one request; handed back with how it ended. */
export interface Permit {
  readonly sentMillis: number;
}

export interface PermitRequest {
  readonly priority: ReadPriority;
  /** Groups of one priority take turns; a log group, for instance. */
  readonly group: string;
  readonly signal: AbortSignal;
}

interface Waiter {
  readonly grant: (permit: Permit) => void;
  readonly refuse: (reason: unknown) => void;
}

/** Callers wait with one request each; more than this many are a defect, and are told so. */
const MAX_WAITING = 10_000;

/**
 * The rate at which this process calls one API of one AWS account and Region, shared by everyone who calls it.
 * Decisions are budget/token-bucket.ts; this is the waiting.
 */
export class RequestBudget {
  readonly #clock: Clock;
  readonly #onRate: (ratePerSecond: number) => void;
  readonly #line = new WaitingLine<Waiter>();
  #bucket: TokenBucket;
  #serving = false;
  #closed = false;
  /** The wait for the next token, ended early when nobody is left to wait for it. */
  #pause = new AbortController();

  /** `onRate` is told the rate at the start and whenever it changes. */
  constructor(limits: BucketLimits, clock: Clock, onRate: (ratePerSecond: number) => void = () => {}) {
    this.#clock = clock;
    this.#onRate = onRate;
    this.#bucket = fullBucket(limits, clock.monotonic());
    onRate(this.#bucket.ratePerSecond);
  }

  get ratePerSecond(): number {
    return this.#bucket.ratePerSecond;
  }

  get waiting(): number {
    return this.#line.size;
  }

  /** Resolves when a request may be sent. Rejects with the signal's reason; who gives up leaves the line. */
  acquire({ priority, group, signal }: PermitRequest): Promise<Permit> {
    return new Promise((resolve, reject) => {
      if (signal.aborted || this.#closed) {
        reject(signal.aborted ? (signal.reason as Error) : closedError());
        return;
      }
      if (this.#line.size >= MAX_WAITING) {
        reject(
          new LogferryError(
            'AWS_THROTTLED',
            `More than ${MAX_WAITING} requests to AWS wait for their turn.`,
            {
              hint: 'Read fewer log groups with one account and Region, or read them less often.',
            },
          ),
        );
        return;
      }
      const onAbort = () => {
        if (!this.#line.remove(waiter, priority, group)) return;
        // A timer that nobody needs would hold up the end of the process.
        if (this.#line.size === 0) this.#pause.abort();
        reject(signal.reason as Error);
      };
      const waiter: Waiter = {
        grant: (permit) => {
          signal.removeEventListener('abort', onAbort);
          resolve(permit);
        },
        refuse: (reason) => {
          signal.removeEventListener('abort', onAbort);
          reject(reason as Error);
        },
      };
      signal.addEventListener('abort', onAbort, { once: true });
      this.#line.add(waiter, priority, group);
      void this.#serve();
    });
  }

  succeeded(): void {
    this.#become(afterSuccess(this.#bucket, this.#clock.monotonic()));
  }

  throttled(permit: Permit): void {
    this.#become(afterThrottling(this.#bucket, permit.sentMillis, this.#clock.monotonic()));
  }

  /** Another account shares this budget and asks for less. */
  tighten(limits: BucketLimits): void {
    this.#become(tightened(this.#bucket, limits));
  }

  /** Whoever waits is refused. */
  close(): void {
    this.#closed = true;
    for (let waiter = this.#line.next(); waiter !== undefined; waiter = this.#line.next()) {
      waiter.refuse(closedError());
    }
    this.#pause.abort();
  }

  /** Serves the line until it is empty. Who is next is decided after each wait, so that who is urgent overtakes. */
  async #serve(): Promise<void> {
    if (this.#serving) return;
    this.#serving = true;
    while (this.#line.size > 0) {
      const nowMillis = this.#clock.monotonic();
      const taken = takeToken(this.#bucket, nowMillis);
      this.#bucket = taken.bucket;
      if (taken.granted) this.#line.next()?.grant({ sentMillis: nowMillis });
      else await this.#wait(taken.waitMillis);
    }
    this.#serving = false;
  }

  async #wait(millis: number): Promise<void> {
    this.#pause = new AbortController();
    try {
      await this.#clock.sleep(millis, this.#pause.signal);
    } catch {
      // Ended early: the caller looks again who waits.
    }
  }

  #become(bucket: TokenBucket): void {
    const before = this.#bucket.ratePerSecond;
    this.#bucket = bucket;
    if (bucket.ratePerSecond !== before) this.#onRate(bucket.ratePerSecond);
  }
}

function closedError(): LogferryError {
  return new LogferryError('INTERRUPTED', 'The AWS account was closed while requests waited.');
}
