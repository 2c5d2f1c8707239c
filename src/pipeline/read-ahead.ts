import type { Page, Partition, Slice } from '../contracts/pull-source.ts';
import type { Semaphore } from './semaphore.ts';

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
  /** The service's time. */
  readonly now: () => number;
  /** Shared by all partitions of the process: bounds what is kept in memory. */
  readonly slots: Semaphore;
}

/**
 * Opens slices in their order; while one is taken, the next ones are read already, as far as there are free slots.
 * Returning early ends the reading of those.
 */
export async function* readAhead(
  partition: Partition,
  slices: readonly Slice[],
  { now, slots }: ReadAheadContext,
  signal: AbortSignal,
): AsyncGenerator<OpenSlice, void> {
  const ahead: SliceAhead[] = [];
  let next = 1;
  try {
    for (const slice of slices) {
      const open = ahead.shift() ?? {
        slice,
        startedMillis: now(),
        pages: partition.read(slice, signal),
        end: () => {},
      };
      for (; ahead.length < MAX_AHEAD && next < slices.length; next++) {
        if (!slots.tryEnter()) break;
        ahead.push(new SliceAhead(partition, slices[next] as Slice, now(), slots, signal));
      }
      // Without a free slot the next one is opened when its turn has come.
      next = Math.max(next, slices.indexOf(slice) + 2);
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

/** A slice that is read before anybody takes its pages. */
class SliceAhead implements OpenSlice {
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

  constructor(
    partition: Partition,
    slice: Slice,
    startedMillis: number,
    slots: Semaphore,
    signal: AbortSignal,
  ) {
    this.slice = slice;
    this.startedMillis = startedMillis;
    this.#slots = slots;
    this.pages = this.#take();
    void this.#read(partition, AbortSignal.any([signal, this.#stop.signal]));
  }

  /** Gives its slot back. */
  end(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#stop.abort(new Error('The slice is no longer wanted.'));
    this.#wakeReader();
    this.#slots.leave();
  }

  async #read(partition: Partition, signal: AbortSignal): Promise<void> {
    try {
      for await (const page of partition.read(this.slice, signal)) {
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
