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
  readonly pages: AsyncIterable<Page>;
}

export interface ReadAheadContext {
  /** Is told the time of each reply when it comes, however late its page is taken. */
  readonly serviceClock: Pick<ServiceClock, 'now' | 'observe'>;
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
    observed(partition.read(slice, readSignal), serviceClock);
  const planned = slices[Symbol.iterator]();
  const nextSlice = (): Slice | undefined => {
    const next = planned.next();
    return next.done === true ? undefined : next.value;
  };
  const ahead: SliceAhead[] = [];
  try {
    for (;;) {
      // Its first request is sent before those of the slices behind it: what is about to expire comes first.
      const open = ahead.shift() ?? openInTurn(nextSlice(), read, serviceClock, signal);
      if (open === undefined) return;
      while (ahead.length < MAX_AHEAD && slots.tryEnter()) {
        const slice = nextSlice();
        if (slice === undefined) {
          slots.leave();
          break;
        }
        ahead.push(new SliceAhead(read, slice, serviceClock.now(), slots, signal));
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

type Opened = OpenSlice & { readonly end: () => void };

function openInTurn(
  slice: Slice | undefined,
  read: Read,
  serviceClock: Pick<ServiceClock, 'now'>,
  signal: AbortSignal,
): Opened | undefined {
  if (slice === undefined) return undefined;
  const startedMillis = serviceClock.now();
  return { slice, startedMillis, pages: begun(read(slice, signal)), end: () => {} };
}

type Read = (slice: Slice, signal: AbortSignal) => AsyncGenerator<Page, void>;

async function* observed(
  pages: AsyncIterable<Page>,
  serviceClock: Pick<ServiceClock, 'observe'>,
): AsyncGenerator<Page, void> {
  for await (const page of pages) {
    serviceClock.observe(page.serverMillis);
    yield page;
  }
}

/** Asks for the first page at once; for the others when they are wanted. */
function begun(pages: AsyncGenerator<Page, void>): AsyncIterable<Page> {
  const first = pages.next();
  // Told to whoever takes it; nobody may.
  first.catch(() => {});
  return (async function* take() {
    try {
      for (let next = await first; next.done !== true; next = await pages.next()) yield next.value;
    } finally {
      await pages.return();
    }
  })();
}

/** A slice that is read before anybody takes its pages. */
class SliceAhead implements Opened {
  readonly slice: Slice;
  readonly startedMillis: number;
  readonly pages: AsyncIterable<Page>;
  readonly #slots: Semaphore;
  readonly #stop = new AbortController();
  readonly #kept: Page[] = [];
  #state: { readonly kind: 'reading' | 'done' } | { readonly kind: 'failed'; readonly error: unknown } = {
    kind: 'reading',
  };
  #wakeTaker = () => {};
  #wakeReader = () => {};
  #hasEnded = false;

  constructor(read: Read, slice: Slice, startedMillis: number, slots: Semaphore, signal: AbortSignal) {
    this.slice = slice;
    this.startedMillis = startedMillis;
    this.#slots = slots;
    this.pages = this.#take();
    void this.#read(read, AbortSignal.any([signal, this.#stop.signal]));
  }

  /** Gives its slot back. */
  end(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#stop.abort(new Error('The slice is no longer wanted.'));
    this.#wakeReader();
    this.#slots.leave();
  }

  async #read(read: Read, signal: AbortSignal): Promise<void> {
    try {
      for await (const page of read(this.slice, signal)) {
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
