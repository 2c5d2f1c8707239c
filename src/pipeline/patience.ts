import type { Partition } from '../contracts/pull-source.ts';
import type { Clock } from '../foundation/clock.ts';

/**
 * How long reading waits for its turn in the request budget. Once a range has its first page it is read to its end: what
 * was asked for must not be asked for again.
 */
export class Patience {
  /** Waits as long as it takes. */
  static readonly endless = new Patience(undefined, Number.POSITIVE_INFINITY);
  readonly #clock: Clock | undefined;
  readonly #untilMonotonic: number;

  private constructor(clock: Clock | undefined, untilMonotonic: number) {
    this.#clock = clock;
    this.#untilMonotonic = untilMonotonic;
  }

  static until(clock: Clock, monotonicMillis: number): Patience {
    return monotonicMillis === Number.POSITIVE_INFINITY
      ? Patience.endless
      : new Patience(clock, monotonicMillis);
  }

  /** Does the work with a partition and a signal that end it when patience does; undefined when that was so. */
  async attempt<T>(
    partition: Partition,
    signal: AbortSignal,
    work: (partition: Partition, signal: AbortSignal) => Promise<T>,
  ): Promise<T | undefined> {
    const clock = this.#clock;
    if (clock === undefined) return await work(partition, signal);
    const leftMillis = this.#untilMonotonic - clock.monotonic();
    if (leftMillis <= 0) return undefined;
    const giveUp = new AbortController();
    const begun = new AbortController();
    clock.sleep(leftMillis, begun.signal).then(
      () => giveUp.abort(new Error('Something else has to be read first.')),
      () => {},
    );
    try {
      return await work(untilFirstPage(partition, begun), AbortSignal.any([signal, giveUp.signal]));
    } catch (thrown) {
      if (giveUp.signal.aborted && !signal.aborted) return undefined;
      throw thrown;
    } finally {
      begun.abort();
    }
  }
}

function untilFirstPage(partition: Partition, begun: AbortController): Partition {
  const { key, title } = partition;
  return {
    key,
    title,
    async *read(slice, signal) {
      for await (const page of partition.read(slice, signal)) {
        begun.abort();
        yield page;
      }
    },
  };
}
