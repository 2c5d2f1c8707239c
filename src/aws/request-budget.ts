import { READ_PRIORITIES, type ReadPriority } from '../contracts/pull-source.ts';
import type { Clock } from '../foundation/clock.ts';
import { LogferryError } from '../foundation/logferry-error.ts';
import { Places } from './budget/places.ts';
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

/** The right to send one request. */
export interface Permit {
  readonly sentMillis: number;
  /** Gives the place back: there is a reply, and what it held is no longer in memory. To be called once at least. */
  readonly release: () => void;
}

export interface PermitRequest {
  readonly priority: ReadPriority;
  /** Groups of one priority take turns; a log group, for instance. */
  readonly group: string;
  readonly signal: AbortSignal;
}

export interface BudgetStatus {
  /** What is allowed now, and the most that ever is. */
  readonly requestsPerSecond: number;
  readonly ceilingPerSecond: number;
  /** Requests without a reply yet, and pages that are still worked on. */
  readonly underWay: number;
  /** Requests that wait for their turn. */
  readonly waiting: Readonly<Record<ReadPriority, number>>;
  /** Requests that AWS refused because of their rate, since the start. */
  readonly throttled: number;
  readonly throttledAtMillis?: number;
}

export interface BudgetObserver {
  /** At the start, and whenever it changes. */
  rate(perSecond: number): void;
  waited(priority: ReadPriority, millis: number): void;
}

interface Waiter {
  readonly priority: ReadPriority;
  readonly sinceMillis: number;
  readonly grant: (permit: Permit) => void;
  readonly refuse: (reason: unknown) => void;
}

/** Callers wait with one request each; more than this many are a defect, and are told so. */
const MAX_WAITING = 10_000;
/** 25 requests a second are this many at once when each takes half a second. */
const MOST_UNDER_WAY = 12;
/** Requests without a reply, where the Region does not answer. */
const FEW_SENT = 2;

const unobserved: BudgetObserver = { rate: () => {}, waited: () => {} };

/**
 * The rate at which this process calls one API of one AWS account and Region, shared by everyone who calls it; and how
 * many calls may be under way. It is the one scheduler of reading: who is next is decided here, by priority and in
 * turn, and whoever waits elsewhere waits for nothing else. Decisions are budget/token-bucket.ts and
 * budget/waiting-line.ts; this is the waiting.
 */
export class RequestBudget {
  readonly #clock: Clock;
  readonly #observer: BudgetObserver;
  readonly #places: Places;
  readonly #line = new WaitingLine<Waiter>();
  #bucket: TokenBucket;
  #underWay = 0;
  /** Of those under way, requests that have no reply yet. */
  readonly #sent = new Set<Permit>();
  #mostSent = MOST_UNDER_WAY;
  #throttled = 0;
  #throttledAtMillis: number | undefined;
  #serving = false;
  #closed = false;
  /** The wait for the next token or place, ended early when there is one, or nobody left to wait for it. */
  #pause = new AbortController();
  readonly #wake = () => this.#pause.abort();

  constructor(
    limits: BucketLimits,
    clock: Clock,
    observer: BudgetObserver = unobserved,
    places = new Places(Number.POSITIVE_INFINITY),
  ) {
    this.#clock = clock;
    this.#observer = observer;
    this.#places = places;
    this.#bucket = fullBucket(limits, clock.monotonic());
    places.join(this.#wake);
    observer.rate(this.#bucket.ratePerSecond);
  }

  get ratePerSecond(): number {
    return this.#bucket.ratePerSecond;
  }

  get waiting(): number {
    return this.#line.size;
  }

  status(): BudgetStatus {
    const waiting = READ_PRIORITIES.map((priority) => [priority, this.#line.waiting(priority)] as const);
    return {
      requestsPerSecond: this.#bucket.ratePerSecond,
      ceilingPerSecond: this.#bucket.limits.ceilingPerSecond,
      underWay: this.#underWay,
      waiting: Object.fromEntries(waiting) as BudgetStatus['waiting'],
      throttled: this.#throttled,
      ...(this.#throttledAtMillis !== undefined && { throttledAtMillis: this.#throttledAtMillis }),
    };
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
        if (this.#line.size === 0) this.#wake();
        reject(signal.reason as Error);
      };
      const waiter: Waiter = {
        priority,
        sinceMillis: this.#clock.monotonic(),
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

  /** There is a reply; its place may still be kept. */
  succeeded(permit: Permit): void {
    this.#sent.delete(permit);
    if (this.#mostSent !== MOST_UNDER_WAY) {
      this.#mostSent = MOST_UNDER_WAY;
      this.#wake();
    }
    this.#become(afterSuccess(this.#bucket, this.#clock.monotonic()));
  }

  throttled(permit: Permit): void {
    this.#throttled++;
    this.#throttledAtMillis = this.#clock.now();
    this.#become(afterThrottling(this.#bucket, permit.sentMillis, this.#clock.monotonic()));
  }

  /**
   * The service did not answer: until it does, few requests find out that it still does not. Pages that are kept are none
   * of them: they may be waiting for one of these.
   */
  unanswered(): void {
    this.#mostSent = FEW_SENT;
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
    this.#wake();
  }

  /** Serves the line until it is empty. Who is next is decided after each wait, so that who is urgent overtakes. */
  async #serve(): Promise<void> {
    if (this.#serving) return;
    this.#serving = true;
    while (this.#line.size > 0) {
      if (!this.#hasRoom()) {
        await this.#wait(undefined);
        continue;
      }
      const taken = takeToken(this.#bucket, this.#clock.monotonic());
      this.#bucket = taken.bucket;
      if (taken.granted) this.#grantNext();
      else await this.#wait(taken.waitMillis);
    }
    this.#serving = false;
  }

  #hasRoom(): boolean {
    const isBelow = this.#underWay < MOST_UNDER_WAY && this.#sent.size < this.#mostSent;
    return isBelow && this.#places.isFree(this.#underWay);
  }

  #grantNext(): void {
    const waiter = this.#line.next();
    if (waiter === undefined) return;
    const sentMillis = this.#clock.monotonic();
    this.#underWay++;
    this.#places.take(this.#wake);
    let isHeld = true;
    const release = () => {
      if (!isHeld) return;
      isHeld = false;
      this.#underWay--;
      this.#sent.delete(permit);
      this.#places.free();
    };
    const permit: Permit = { sentMillis, release };
    this.#sent.add(permit);
    this.#observer.waited(waiter.priority, sentMillis - waiter.sinceMillis);
    waiter.grant(permit);
  }

  async #wait(millis: number | undefined): Promise<void> {
    this.#pause = new AbortController();
    const { signal } = this.#pause;
    if (millis === undefined) {
      await new Promise((resolve) => {
        signal.addEventListener('abort', resolve, { once: true });
      });
      return;
    }
    try {
      await this.#clock.sleep(millis, signal);
    } catch {
      // Ended early: the caller looks again who waits.
    }
  }

  #become(bucket: TokenBucket): void {
    const before = this.#bucket.ratePerSecond;
    this.#bucket = bucket;
    if (bucket.ratePerSecond !== before) this.#observer.rate(bucket.ratePerSecond);
  }
}

function closedError(): LogferryError {
  return new LogferryError('INTERRUPTED', 'The AWS account was closed while requests waited.');
}
