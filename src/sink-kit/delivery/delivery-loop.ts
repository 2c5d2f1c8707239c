/**
 * One destination's delivery: read ahead, cut, write, decide, acknowledge. What to do is decided by the pure functions
 * beside this file; here it is done.
 *
 *   spool ─read─> ReadAhead ─cut─> JobQueue ─write─> sink ─outcome─> JobQueue ─settled prefix─> Acknowledger ─> spool
 *
 * Invariants: the spool is told of a job only when all jobs before it are settled; an outcome other than "try later"
 * settles a job or divides it.
 */
import type { WriteOutcome } from '../../contracts/sink.ts';
import type { SpoolEntry } from '../../contracts/spool.ts';
import { type BackOffSettings, backOffMillis } from '../../foundation/back-off.ts';
import type { Clock } from '../../foundation/clock.ts';
import { describeError, LogferryError } from '../../foundation/logferry-error.ts';
import { boundedDetail } from '../reply-outcome.ts';
import { Acknowledger } from './acknowledger.ts';
import {
  atOnce,
  type Delivery,
  type DeliverySettings,
  type DeliveryStatus,
  type DrainOptions,
  type DrainResult,
} from './delivery.ts';
import { afterOutcome, type DeliveryJob } from './delivery-job.ts';
import { type DeliveryEvent, type DeliveryState, nextState } from './delivery-state.ts';
import { DeliveryTally } from './delivery-tally.ts';
import { drainSpool } from './drain.ts';
import { JobQueue } from './job-queue.ts';
import { ReadAhead } from './read-ahead.ts';
import { BACK_OFF, retryWaitMillis } from './retry-wait.ts';
import { Wake } from './wake.ts';
import { type WriteResult, writeOnce } from './write-once.ts';

const GRACE_MILLIS = 10_000;
/** For a sink that does not end its writes when aborted. */
const ABANDON_MILLIS = 5_000;

/** What there is once the sink is open and the place in the spool is known. */
interface Parts {
  readonly ahead: ReadAhead;
  readonly queue: JobQueue;
  readonly acknowledger: Acknowledger;
}

export class DeliveryLoop implements Delivery {
  readonly #settings: DeliverySettings;
  readonly #backOff: BackOffSettings;
  readonly #tally: DeliveryTally;
  readonly #wake = new Wake();
  /** Ends opening and reading. */
  readonly #halt = new AbortController();
  /** Aborts writes. */
  readonly #abandon = new AbortController();
  readonly #writes = new Set<Promise<void>>();
  readonly #progressListeners = new Set<() => void>();
  readonly #running: Promise<void>;
  #parts: Parts | undefined;
  #state: DeliveryState = { kind: 'starting' };
  #probeNotBeforeMillis = 0;
  #draining = 0;
  #stopped: Promise<void> | undefined;

  constructor(settings: DeliverySettings) {
    this.#settings = settings;
    this.#backOff = settings.backOff ?? BACK_OFF;
    this.#tally = new DeliveryTally(settings);
    this.#running = this.#run();
  }

  status(): DeliveryStatus {
    return {
      ...this.#tally.counts(),
      state: this.#state,
      inFlight: this.#writes.size,
      acknowledged: this.#parts?.acknowledger.position,
    };
  }

  async drain(signal: AbortSignal, options: DrainOptions = {}): Promise<DrainResult> {
    this.#draining++;
    this.#wake.ring();
    const view = {
      destination: this.#settings.destination,
      spool: this.#settings.spool,
      state: () => this.#state,
      lastErrorText: () => this.#tally.lastErrorText(),
      readUpTo: () => this.#parts?.ahead.nextOffset,
      oldestOpen: () => this.#parts?.queue.oldestOffset,
      listeners: this.#progressListeners,
    };
    try {
      return await drainSpool(view, signal, options);
    } finally {
      this.#draining--;
    }
  }

  stop(graceMillis: number = GRACE_MILLIS): Promise<void> {
    return (this.#stopped ??= this.#stop(graceMillis));
  }

  async #run(): Promise<void> {
    const { signal } = this.#halt;
    if (!(await this.#open())) return;
    const parts = await this.#findPlace();
    if (parts === undefined) return;
    this.#parts = parts;
    this.#happen({ kind: 'opened' });
    const reading = parts.ahead.run(signal);
    while (!signal.aborted) {
      const waitMillis = this.#handOut(parts);
      parts.acknowledger.advance(signal);
      if (parts.queue.isEmpty) this.#happen({ kind: 'emptied' });
      await this.#wake.wait(this.#settings.clock, waitMillis);
    }
    await reading;
  }

  async #open(): Promise<boolean> {
    const { sink, clock, logger } = this.#settings;
    try {
      await sink.open(this.#halt.signal);
      return !this.#halt.signal.aborted;
    } catch (thrown) {
      if (this.#halt.signal.aborted) return false;
      const reason = thrown instanceof LogferryError ? thrown.code : 'INTERNAL';
      const hint = thrown instanceof LogferryError ? thrown.hint : undefined;
      const detail = boundedDetail(describeError(thrown));
      logger.error({ reason, detail, hint }, 'The destination cannot be opened; nothing is delivered to it.');
      this.#tally.failed(reason, detail, hint);
      this.#happen({ kind: 'open_failed', reason, detail, atMillis: clock.now() });
      return false;
    }
  }

  /** Where to go on; tries until the spool answers. Undefined when stopped before. */
  async #findPlace(): Promise<Parts | undefined> {
    const { spool, destination, clock, random, sink } = this.#settings;
    for (let attempt = 1; !this.#halt.signal.aborted; attempt++) {
      try {
        const newestAtStart = await spool.newestOffset();
        const position = await spool.position(destination);
        const ahead = new ReadAhead({ ...this.#settings, ...this.#readEvents() }, this.#backOff, position);
        const queue = new JobQueue(sink.limits, clock, ahead, newestAtStart);
        const events = {
          onChange: () => {
            this.#wake.ring();
            this.#progress();
          },
          onFailure: (thrown: unknown) => this.#spoolFailed('acknowledge', thrown),
        };
        const acknowledger = new Acknowledger(this.#settings, this.#backOff, queue, position, events);
        return { ahead, queue, acknowledger };
      } catch (thrown) {
        this.#spoolFailed('read', thrown);
        const waitMillis = backOffMillis(attempt, this.#backOff, random);
        await clock.sleep(waitMillis, this.#halt.signal).catch(() => {});
      }
    }
    return undefined;
  }

  #readEvents() {
    return {
      onEntries: () => this.#wake.ring(),
      onFailure: (thrown: unknown) => this.#spoolFailed('read', thrown),
      onDamaged: (entry: SpoolEntry, records: number) => {
        this.#tally.setAside(entry, records);
        this.#progress();
      },
    };
  }

  /** Writes all that may be written now; returns how long to wait for a time that is known, if there is one. */
  #handOut({ queue }: Parts): number | undefined {
    const { clock, sink } = this.#settings;
    while (this.#writes.size < sink.limits.maxInFlight) {
      const probing =
        this.#state.kind === 'retrying' ? { notBeforeMillis: this.#probeNotBeforeMillis } : undefined;
      const choice = queue.next({ lingers: this.#draining === 0, probing });
      if (choice.kind === 'nothing') return undefined;
      if (choice.kind === 'wait') return Math.max(1, Math.ceil(choice.untilMillis - clock.monotonic()));
      const write = this.#write(queue, choice.job).finally(() => {
        this.#writes.delete(write);
        this.#wake.ring();
        this.#progress();
      });
      this.#writes.add(write);
    }
    return undefined;
  }

  async #write(queue: JobQueue, job: DeliveryJob): Promise<void> {
    const beganWhile = this.#state.kind;
    queue.replace(job, [{ ...job, phase: 'writing' }]);
    this.#happen({ kind: 'handed_out' });
    const result = await this.#writeInTurn(job);
    if (result.kind === 'stopped') return;
    this.#tally.written(job, result);
    const { outcome } = result;
    if (outcome.kind === 'retry') {
      this.#retryLater(queue, job, outcome, beganWhile !== 'retrying');
      return;
    }
    queue.replace(job, afterOutcome(job, outcome));
    this.#happen({ kind: 'answered' });
  }

  async #writeInTurn(job: DeliveryJob): Promise<WriteResult> {
    const { sink, clock, turn = atOnce } = this.#settings;
    const { signal } = this.#abandon;
    const batch = { id: job.id, records: job.run.records, redelivery: job.redelivery };
    try {
      return await turn(() => writeOnce(sink, batch, clock, signal), signal);
    } catch (thrown) {
      if (signal.aborted) return { kind: 'stopped' };
      throw thrown;
    }
  }

  /** `beganBefore`: written before the outage was known, so that its failure is no further attempt. */
  #retryLater(
    queue: JobQueue,
    job: DeliveryJob,
    outcome: Extract<WriteOutcome, { kind: 'retry' }>,
    beganBefore: boolean,
  ): void {
    const { clock } = this.#settings;
    const concurrent = this.#state.kind === 'retrying' && beganBefore;
    const attempt = this.#state.kind === 'retrying' && !concurrent ? this.#state.attempt + 1 : 1;
    const waitMillis = retryWaitMillis(
      this.#settings,
      Math.max(attempt, job.retries + 1),
      outcome.afterMillis,
    );
    const notBeforeMillis = clock.monotonic() + waitMillis;
    this.#probeNotBeforeMillis = concurrent
      ? Math.max(this.#probeNotBeforeMillis, notBeforeMillis)
      : notBeforeMillis;
    const again = afterOutcome(job, outcome).map((retried) => ({ ...retried, notBeforeMillis }));
    queue.replace(job, again);
    const { reason, detail } = outcome;
    const atMillis = clock.now();
    const nextAttemptAtMillis = atMillis + waitMillis;
    this.#happen({ kind: 'must_retry', reason, detail, atMillis, nextAttemptAtMillis, concurrent });
  }

  async #stop(graceMillis: number): Promise<void> {
    const { clock, sink, logger } = this.#settings;
    this.#happen({ kind: 'stop_asked' });
    this.#halt.abort(new DOMException('The delivery stops.', 'AbortError'));
    this.#wake.ring();
    await within(clock, graceMillis, Promise.all(this.#writes));
    this.#abandon.abort(new DOMException('The delivery stops.', 'AbortError'));
    await within(clock, ABANDON_MILLIS, Promise.all([this.#running, ...this.#writes]));
    await this.#parts?.acknowledger.finish();
    try {
      await sink.close();
    } catch (thrown) {
      logger.error({ error: describeError(thrown) }, 'The destination did not close cleanly.');
    }
    this.#happen({ kind: 'ended' });
  }

  #spoolFailed(what: 'read' | 'acknowledge', thrown: unknown): void {
    const detail = boundedDetail(describeError(thrown));
    this.#settings.logger.error({ what, detail }, 'The spool did not answer; it is asked again.');
    this.#tally.failed(`spool_${what}`, detail);
    this.#progress();
  }

  #happen(event: DeliveryEvent): void {
    const before = this.#state;
    this.#state = nextState(before, event);
    if (this.#state === before) return;
    this.#tally.changed(before, this.#state);
    this.#progress();
  }

  #progress(): void {
    this.#settings.onProgress?.(this.status());
    for (const listener of this.#progressListeners) listener();
  }
}

/** Waits for `work`, at most so long. */
async function within(clock: Clock, millis: number, work: Promise<unknown>): Promise<void> {
  if (millis <= 0) return;
  const cancel = new AbortController();
  await Promise.race([work, clock.sleep(millis, cancel.signal).catch(() => {})]);
  cancel.abort();
}
