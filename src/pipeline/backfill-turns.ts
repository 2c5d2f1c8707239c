import type { TimeRange } from '../contracts/checkpoint.ts';

interface UnderWay {
  readonly range: TimeRange;
  readonly ended: Promise<void>;
}

/**
 * Backfills of one source whose ranges overlap come one after the other: each knows what those before it have read, and
 * leaves it out. The others go side by side.
 */
export class BackfillTurns {
  readonly #underWay = new Set<UnderWay>();

  /** Rejects with the signal's reason when aborted before its turn. */
  async run<T>(range: TimeRange, work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    signal.throwIfAborted();
    const before = [...this.#underWay].filter((other) => overlaps(range, other.range));
    let end = () => {};
    const mine: UnderWay = {
      range,
      ended: new Promise((resolve) => {
        end = resolve;
      }),
    };
    this.#underWay.add(mine);
    try {
      await orAborted(Promise.all(before.map(({ ended }) => ended)), signal);
      return await work();
    } finally {
      this.#underWay.delete(mine);
      end();
    }
  }
}

function overlaps(one: TimeRange, other: TimeRange): boolean {
  return one.fromMillis <= other.toMillis && other.fromMillis <= one.toMillis;
}

async function orAborted(work: Promise<unknown>, signal: AbortSignal): Promise<void> {
  const over = new AbortController();
  const aborted = new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), {
      once: true,
      signal: over.signal,
    });
  });
  try {
    await Promise.race([work, aborted]);
  } finally {
    over.abort();
  }
}
