import type { Page, Partition, Slice } from '../contracts/pull-source.ts';
import type { Semaphore } from './semaphore.ts';
import type { ServiceClock } from './service-clock.ts';

/** Of one partition; more at once would not be read faster than the request budget allows. */
const MAX_AHEAD = 6;
/** A slice read ahead waits when it has so many pages that nobody has taken yet. */
const MAX_PAGES_KEPT = 2;

/** A slice whose reading has begun. */
export interface OpenSlice {
  readonly slice: Slice;
  /** The service's time when its first request was sent. */
  readonly startedMillis: number;
  /** No reply up to now was made later, in the service's time. */
  readonly repliedMillis: number;
  readonly pages: AsyncIterable<Page>;
}

type ReplyClock = Pick<ServiceClock, 'now' | 'latest' | 'observe'>;

export interface ReadAheadContext {
  /** Is told the time of each reply when it comes, however late its page is taken. */
  readonly serviceClock: ReplyClock;
  /** Shared by all partitions of the process: bounds what is kept in memory. */
  readonly slots: Semaphore;
}

/**
 * Opens slices in their order; while one is taken, the next ones are read already, as far as there are free slots. A
 * slice is asked for when it is about to be opened, so that a plan may go by what was read until then. Returning early
 * ends the reading of those that were opened.
 */
export async function* readAhead(
  partition: Partition,
  slices: Iterable<Slice>,
  { serviceClock, slots }: ReadAheadContext,
  signal: AbortSignal,
): AsyncGenerator<OpenSlice, void> {
  const read = (slice: Slice, readSignal: AbortSignal) =>
    new SliceReading(partition, slice, serviceClock, readSignal);
  const planned = slices[Symbol.iterator]();
  const nextSlice = (): Slice | undefined => {
    const next = planned.next();
    return next.done === true ? undefined : next.value;
  };
  const ahead: SliceAhead[] = [];
  try {
    for (;;) {
      // Its first request is sent before those of the slices behind it: what is about to expire comes first.
      const slice = ahead.length === 0 ? nextSlice() : undefined;
      const open = ahead.shift() ?? (slice && new SliceInTurn(read(slice, signal)));
      if (open === undefined) return;
      while (ahead.length < MAX_AHEAD && slots.tryEnter()) {
        const next = nextSlice();
        if (next === undefined) {
          slots.leave();
          break;
        }
        ahead.push(new SliceAhead((both) => read(next, both), slots, signal));
      }
      try {
        yield open;
      } finally {
        open.end();
      }
    }
  } finally {
    for (const slice of ahead) slice.end();
  }
}

/** Tells the clock of each reply when it comes. */
class SliceReading {
  readonly slice: Slice;
  readonly startedMillis: number;
  repliedMillis: number;
  readonly pages: AsyncGenerator<Page, void>;

  constructor(partition: Partition, slice: Slice, serviceClock: ReplyClock, signal: AbortSignal) {
    this.slice = slice;
    this.startedMillis = serviceClock.now();
    this.repliedMillis = serviceClock.latest();
    this.pages = this.#read(partition, serviceClock, signal);
  }

  async *#read(
    partition: Partition,
    serviceClock: ReplyClock,
    signal: AbortSignal,
  ): AsyncGenerator<Page, void> {
    for await (const page of partition.read(this.slice, signal)) {
      serviceClock.observe(page.serverMillis);
      this.repliedMillis = serviceClock.latest();
      yield page;
    }
  }
}

/** A slice whose pages are asked for when they are wanted; but the first at once. */
class SliceInTurn implements OpenSlice {
  readonly pages: AsyncIterable<Page>;
  readonly #reading: SliceReading;

  constructor(reading: SliceReading) {
    this.#reading = reading;
    const first = reading.pages.next();
    // Told to whoever takes it; nobody may.
    first.catch(() => {});
    this.pages = this.#take(first);
  }

  get slice(): Slice {
    return this.#reading.slice;
  }

  get startedMillis(): number {
    return this.#reading.startedMillis;
  }

  get repliedMillis(): number {
    return this.#reading.repliedMillis;
  }

  /** A page that nobody took would keep its place in the request budget. */
  end(): void {
    this.#reading.pages.return().catch(() => {});
  }

  async *#take(first: Promise<IteratorResult<Page, void>>): AsyncGenerator<Page, void> {
    const { pages } = this.#reading;
    for (let next = await first; next.done !== true; next = await pages.next()) yield next.value;
  }
}

/** A slice that is read before anybody takes its pages. */
class SliceAhead implements OpenSlice {
  readonly pages: AsyncIterable<Page>;
  readonly #reading: SliceReading;
  readonly #slots: Semaphore;
  readonly #stop = new AbortController();
  readonly #kept: Page[] = [];
  #state: { readonly kind: 'reading' | 'done' } | { readonly kind: 'failed'; readonly error: unknown } = {
    kind: 'reading',
  };
  #wakeTaker = () => {};
  #wakeReader = () => {};
  #hasEnded = false;

  constructor(begin: (signal: AbortSignal) => SliceReading, slots: Semaphore, signal: AbortSignal) {
    this.#reading = begin(AbortSignal.any([signal, this.#stop.signal]));
    this.#slots = slots;
    this.pages = this.#take();
    void this.#read();
  }

  get slice(): Slice {
    return this.#reading.slice;
  }

  get startedMillis(): number {
    return this.#reading.startedMillis;
  }

  get repliedMillis(): number {
    return this.#reading.repliedMillis;
  }

  /** Gives its slot back. */
  end(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#stop.abort(new Error('The slice is no longer wanted.'));
    this.#wakeReader();
    this.#slots.leave();
  }

  async #read(): Promise<void> {
    try {
      for await (const page of this.#reading.pages) {
        this.#kept.push(page);
        this.#wakeTaker();
        while (this.#kept.length >= MAX_PAGES_KEPT && !this.#hasEnded) {
          await new Promise<void>((resolve) => {
            this.#wakeReader = resolve;
          });
        }
        if (this.#hasEnded) return;
      }
      this.#state = { kind: 'done' };
    } catch (error) {
      this.#state = { kind: 'failed', error };
    }
    this.#wakeTaker();
  }

  async *#take(): AsyncGenerator<Page, void> {
    for (;;) {
      const page = this.#kept.shift();
      if (page !== undefined) {
        this.#wakeReader();
        yield page;
      } else if (this.#state.kind === 'done') return;
      else if (this.#state.kind === 'failed') throw this.#state.error;
      else {
        await new Promise<void>((resolve) => {
          this.#wakeTaker = resolve;
        });
      }
    }
  }
}
