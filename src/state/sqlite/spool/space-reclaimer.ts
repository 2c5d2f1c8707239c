import { setImmediate } from 'node:timers/promises';
import { describeError } from '../../../foundation/logferry-error.ts';
import type { Logger } from '../../../foundation/logger.ts';
import type { SqliteWork } from '../sqlite-work.ts';
import type { SpoolEntries } from './spool-entries.ts';

/** Free pages (16 KiB) that the file keeps for what comes next; more go back to the disk, so many at a time. */
export const FREE_PAGES_KEPT = 1024;
const PAGES_RETURNED_AT_ONCE = 128;

/**
 * Frees what all consumers have passed, then gives the disk back what the file has too much of, in steps between which
 * everything else gets its turn. Nobody waits for it: what it has not done is done after the next acknowledgement, and
 * freed pages are used again before the file grows.
 */
export class SpaceReclaimer {
  readonly #work: SqliteWork;
  readonly #entries: SpoolEntries;
  readonly #logger: Logger;
  readonly #onFreed: () => void;
  #running: Promise<void> | undefined;
  #isWantedAgain = false;
  #isClosed = false;

  constructor(work: SqliteWork, entries: SpoolEntries, logger: Logger, onFreed: () => void) {
    this.#work = work;
    this.#entries = entries;
    this.#logger = logger;
    this.#onFreed = onFreed;
  }

  start(): void {
    if (this.#isClosed) return;
    this.#isWantedAgain = true;
    this.#running ??= this.#run()
      .catch((thrown: unknown) => {
        this.#logger.warn(
          { detail: describeError(thrown) },
          'Space of the spool could not be freed; it is tried again.',
        );
      })
      .finally(() => {
        this.#running = undefined;
        // Asked for while it was ending: where all is passed and nothing fits, no acknowledgement would ask again.
        if (this.#isWantedAgain) this.start();
      });
  }

  /** Ends after the step under way. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#running;
  }

  async #run(): Promise<void> {
    while (this.#isWantedAgain) {
      this.#isWantedAgain = false;
      while (await this.#step(() => this.#freeSome()));
      while (await this.#step(() => this.#shrinkSome()));
    }
  }

  /** False when there is nothing more to do. */
  async #step(work: () => Promise<boolean>): Promise<boolean> {
    await setImmediate();
    return !this.#isClosed && (await work());
  }

  async #freeSome(): Promise<boolean> {
    const { entries, isMore } = await this.#work.transaction(() => this.#entries.freeSome());
    if (entries > 0) this.#onFreed();
    return isMore;
  }

  async #shrinkSome(): Promise<boolean> {
    return await this.#work.do(() => {
      const { database } = this.#work;
      const before = database.pragma('freelist_count', { simple: true }) as number;
      if (before <= FREE_PAGES_KEPT) return false;
      database.pragma(`incremental_vacuum(${PAGES_RETURNED_AT_ONCE})`);
      // A file that was not made for it keeps its pages: asking again would never end.
      return (database.pragma('freelist_count', { simple: true }) as number) < before;
    });
  }
}
