/**
 * Sends the dead letters of a destination again, oldest first, one write at a time, beside its delivery.
 *
 *   spool ─page─> cut ─write─> sink ─outcome─> delivered: discarded · refused: kept with the new reason · retry: waits
 *
 * Invariant: a letter is discarded only after the destination acknowledged it. What ends in between (a kill, a spool
 * that does not answer) leaves it in place, and it is sent once more the next time: at least once, told by its event id.
 */
import type { Metrics } from '../../contracts/metrics.ts';
import type { WriteOutcome } from '../../contracts/sink.ts';
import type { StoredDeadLetter } from '../../contracts/spool.ts';
import type { LogRecord } from '../../record/log-record.ts';
import { cutRun, endOf } from './cut-batch.ts';
import { atOnce, type DeliverySettings } from './delivery.ts';
import { afterOutcome, type DeliveryJob, newJob } from './delivery-job.ts';
import { DeliveryTally } from './delivery-tally.ts';
import { retryWaitMillis } from './retry-wait.ts';
import { writeOnce } from './write-once.ts';

/** Stored, so compressed: about five times as much in memory. */
const PAGE_STORED_BYTES = 512 * 1024;
const PAGE_LETTERS = 1000;
/** For a write under way when the sending is asked to stop. */
const GRACE_MILLIS = 5000;

export interface ResendSettings extends Omit<DeliverySettings, 'onProgress'> {
  /** Only those that were refused for it. */
  readonly reason?: string;
  /** Gives up when so many writes in a row ended with "try later". */
  readonly giveUpAfterAttempts: number;
  /** Called at the beginning and after every write. */
  readonly onProgress?: (counts: ResendCounts) => void;
}

export interface ResendCounts {
  /** Acknowledged by the destination. */
  readonly sent: number;
  /** Refused again: they stay, with the new reason. */
  readonly refused: number;
  /** Cannot be read, and so not be sent: they stay. */
  readonly unreadable: number;
  /** Dead letters of the destination that are kept now, whatever their reason. */
  readonly left: number;
}

export type ResendResult =
  | { readonly kind: 'done'; readonly counts: ResendCounts }
  | {
      readonly kind: 'unreachable';
      readonly counts: ResendCounts;
      readonly detail: string;
      readonly fix: string;
    };

/**
 * Sends those that are kept at the time of the call. The sink must be open. Rejects with the signal's reason when
 * aborted, after the write under way has ended, and when the spool fails.
 */
export async function resendDeadLetters(
  settings: ResendSettings,
  signal: AbortSignal,
): Promise<ResendResult> {
  return await new Resend(settings, signal).run();
}

type SendableLetter = Pick<StoredDeadLetter, 'id' | 'createdAtMillis'> & { readonly record: LogRecord };

class Resend {
  readonly #settings: ResendSettings;
  readonly #signal: AbortSignal;
  readonly #tally: DeliveryTally;
  readonly #abandon = new AbortController();
  #left = 0;
  #unreadable = 0;
  /** Writes in a row that ended with "try later". */
  #failures = 0;

  constructor(settings: ResendSettings, signal: AbortSignal) {
    const { onProgress: _, ...rest } = settings;
    this.#settings = settings;
    this.#signal = signal;
    this.#tally = new DeliveryTally({ ...rest, metrics: withoutDeadLetters(settings.metrics) });
  }

  async run(): Promise<ResendResult> {
    const { spool, destination, clock, reason } = this.#settings;
    const over = new AbortController();
    const onAbort = () => {
      clock.sleep(GRACE_MILLIS, over.signal).then(
        () => this.#abandon.abort(this.#signal.reason),
        () => {},
      );
    };
    this.#signal.addEventListener('abort', onAbort, { once: true });
    try {
      this.#left = await this.#kept();
      this.#settings.onProgress?.(this.#counts());
      const [newest] = await spool.deadLetters(destination, { afterId: 0, limit: 1, newestFirst: true });
      // Those that come meanwhile are not sent: it would never end beside a destination that refuses everything.
      const beforeId = (newest?.id ?? 0) + 1;
      for (let afterId = 0; ; ) {
        const letters = await spool.deadLetters(destination, {
          afterId,
          beforeId,
          limit: PAGE_LETTERS,
          maxBytes: PAGE_STORED_BYTES,
          ...(reason !== undefined && { reason }),
        });
        const last = letters.at(-1);
        if (last === undefined || !(await this.#send(this.#readable(letters)))) break;
        afterId = last.id;
      }
      this.#left = await this.#kept();
      return this.#result();
    } finally {
      over.abort();
      this.#signal.removeEventListener('abort', onAbort);
    }
  }

  #readable(letters: readonly StoredDeadLetter[]): readonly SendableLetter[] {
    return letters.flatMap(({ id, record, records, createdAtMillis }) => {
      if (record === undefined) this.#unreadable += records;
      return record === undefined ? [] : [{ id, record, createdAtMillis }];
    });
  }

  /** Answers whether the destination is still worth asking. */
  async #send(letters: readonly SendableLetter[]): Promise<boolean> {
    const { sink, clock, turn = atOnce, giveUpAfterAttempts } = this.#settings;
    let jobs = jobsOf(letters, sink.limits);
    for (let job = jobs[0]; job !== undefined; job = jobs[0]) {
      this.#signal.throwIfAborted();
      const { records } = job.run;
      const batch = { id: batchId(job), records, redelivery: job.redelivery };
      const write = () => writeOnce(sink, batch, clock, this.#abandon.signal);
      const result = await turn(write, this.#signal);
      if (result.kind === 'stopped') throw this.#signal.reason;
      const { outcome } = result;
      this.#tally.written(job, result);
      const after = afterOutcome(job, outcome);
      const [settled] = after.filter(({ phase }) => phase === 'settled');
      if (settled !== undefined) await this.#settle(job, settled);
      jobs = [...after.filter(({ phase }) => phase !== 'settled'), ...jobs.slice(1)];
      this.#failures = outcome.kind === 'retry' ? this.#failures + 1 : 0;
      this.#settings.onProgress?.(this.#counts());
      if (outcome.kind !== 'retry') continue;
      if (this.#failures >= giveUpAfterAttempts) return false;
      await this.#waitForRetry(outcome);
    }
    return true;
  }

  async #waitForRetry({ afterMillis }: Extract<WriteOutcome, { kind: 'retry' }>): Promise<void> {
    const waitMillis = retryWaitMillis(this.#settings, this.#failures, afterMillis);
    await this.#settings.clock.sleep(waitMillis, this.#signal);
  }

  /** After the destination's answer, and never before it. */
  async #settle(written: DeliveryJob, { deadLetters }: DeliveryJob): Promise<void> {
    const { spool, destination } = this.#settings;
    const refused = new Map(deadLetters.map((letter) => [letter.record, letter]));
    const discarded: number[] = [];
    const renewed: { id: number; reason: string; detail: string }[] = [];
    // A piece for each record: see jobsOf.
    for (const [index, { offset: id }] of written.run.pieces.entries()) {
      const record = written.run.records[index];
      const letter = record === undefined ? undefined : refused.get(record);
      if (letter === undefined) discarded.push(id);
      else renewed.push({ id, reason: letter.reason, detail: letter.detail });
    }
    if (discarded.length > 0) this.#left -= await spool.discardDeadLetters(destination, discarded);
    if (renewed.length > 0) await spool.renewDeadLetters(destination, renewed);
  }

  async #kept(): Promise<number> {
    const { consumers } = await this.#settings.spool.usage();
    return consumers.find(({ consumer }) => consumer === this.#settings.destination)?.deadLetters ?? 0;
  }

  #counts(): ResendCounts {
    const { delivered, deadLetters } = this.#tally.counts();
    return { sent: delivered, refused: deadLetters, unreadable: this.#unreadable, left: this.#left };
  }

  #result(): ResendResult {
    const counts = this.#counts();
    if (this.#failures === 0) return { kind: 'done', counts };
    const fix = this.#tally.counts().lastError?.fix ?? '';
    return { kind: 'unreachable', counts, detail: this.#tally.lastErrorText(), fix };
  }
}

/** Each letter is a piece of its own, whose offset is the letter's id. */
function jobsOf(
  letters: readonly SendableLetter[],
  limits: { readonly maxRecords: number; readonly maxBytes: number },
): readonly DeliveryJob[] {
  let entries = letters.map(({ id, record, createdAtMillis }) => ({
    offset: id,
    topic: '',
    batch: { id: String(id), records: [record] },
    storedBytes: 0,
    committedAtMillis: createdAtMillis,
  }));
  const jobs: DeliveryJob[] = [];
  for (let first = entries[0]; first !== undefined; first = entries[0]) {
    const cut = cutRun(entries, { offset: first.offset, index: 0 }, limits);
    if (cut === undefined) break;
    const end = endOf(cut.run).offset;
    entries = entries.filter(({ offset }) => offset >= end);
    // An earlier sending, ended before its letters were discarded, may have delivered them.
    jobs.push(newJob(cut.run, true));
  }
  return jobs;
}

/** Ids of letters are never used twice; between two of them letters only become fewer. */
function batchId({ run }: DeliveryJob): string {
  const [first] = run.pieces;
  return `dead-${first?.offset}-${run.pieces.at(-1)?.offset}-${run.records.length}`;
}

/** One that is refused again is no further dead letter. */
function withoutDeadLetters(metrics: Metrics): Metrics {
  return {
    count: (name, labels, by) => {
      if (name !== 'logferry_dead_letters_total') metrics.count(name, labels, by);
    },
    set: (name, labels, value) => metrics.set(name, labels, value),
    observe: (name, labels, value) => metrics.observe(name, labels, value),
  };
}
