import type { Metrics } from '../contracts/metrics.ts';
import type { ConsumerUsage } from '../contracts/spool.ts';
import type { StateStore } from '../contracts/state-store.ts';
import type { Clock } from '../foundation/clock.ts';
import { LogferryError } from '../foundation/logferry-error.ts';
import type { Logger } from '../foundation/logger.ts';
import type { Random } from '../foundation/random.ts';
import { startDelivery } from '../sink-kit/deliver.ts';
import type { Delivery, DeliveryStatus, DrainResult } from '../sink-kit/delivery/delivery.ts';
import {
  type ResendCounts,
  type ResendResult,
  resendDeadLetters,
} from '../sink-kit/delivery/resend-dead-letters.ts';
import { Auditor, type AuditSettings } from './audit/auditor.ts';
import { type BackfillProgress, type BackfillRequest, backfill, type LiveReading } from './backfill.ts';
import { BackfillTurns } from './backfill-turns.ts';
import { Semaphore } from './semaphore.ts';
import { ServiceClock } from './service-clock.ts';
import { SharedSink } from './shared-sink.ts';
import type { ReadCounts } from './slice-reader.ts';
import { SourceRunner, type SourceStatus } from './source-runner.ts';
import { type SpoolStatus, spoolStatus } from './spool/spool-status.ts';
import { watchSpool } from './spool/watch-spool.ts';
import { routeOf, type Topology } from './topology.ts';
import { UncommittedBytes } from './uncommitted-bytes.ts';

/**
 * Slices that are read before their turn has come: of long ranges, so that they take all that the request budget allows.
 * Each keeps a place in a budget until it is taken: fewer than a budget has (aws/request-budget.ts), so that those
 * whose turn has come always get on.
 */
const READING_AHEAD = 8;
/** A destination that failed this often in a row is not waited for: what it has not got stays in the spool. */
const PATIENT_ATTEMPTS = 4;

export interface PipelineContext {
  readonly topology: Topology;
  readonly store: StateStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Undefined: nothing is counted again. */
  readonly audit?: AuditSettings | undefined;
}

export interface DestinationStatus extends DeliveryStatus {
  readonly id: string;
  readonly waiting: Omit<ConsumerUsage, 'consumer'>;
}

export interface PipelineStatus {
  readonly sources: readonly SourceStatus[];
  readonly destinations: readonly DestinationStatus[];
  readonly spool: SpoolStatus;
}

interface SourceParts {
  readonly runner: SourceRunner;
  readonly context: ConstructorParameters<typeof SourceRunner>[2];
  readonly turns: BackfillTurns;
}

/**
 * Sources, spool and destinations of one configuration, running. Reading and delivering know of each other by the spool
 * alone: neither waits for the other but when the spool is full.
 */
export class Pipeline {
  readonly #context: PipelineContext;
  readonly #sources = new Map<string, SourceParts>();
  readonly #deliveries = new Map<string, Delivery>();
  readonly #sinks = new Map<string, SharedSink>();
  readonly #stopReading = new AbortController();
  readonly #aheadSlots = new Semaphore(READING_AHEAD);
  readonly #uncommitted = new UncommittedBytes();
  /** What `stop` waits for. */
  readonly #work = new Set<Promise<unknown>>();

  private constructor(context: PipelineContext) {
    this.#context = context;
  }

  /** States the consumers and begins to deliver what the spool holds; reading begins with `follow`. */
  static async open(context: PipelineContext): Promise<Pipeline> {
    const pipeline = new Pipeline(context);
    await pipeline.#open();
    return pipeline;
  }

  /** Begins to read all sources, until `stop`. */
  follow(): void {
    for (const { runner } of this.#sources.values())
      void this.#untilStop((stop) => runner.follow(stop), this.#stopReading.signal);
    const { audit } = this.#context;
    if (audit === undefined) return;
    const auditor = this.auditor(audit);
    void this.#untilStop((stop) => auditor.follow(stop), this.#stopReading.signal);
  }

  /** Counts again what its sources have read. */
  auditor(settings: AuditSettings): Auditor {
    const candidates = () => [...this.#sources.values()].flatMap(({ runner }) => runner.auditCandidates());
    return new Auditor({ ...this.#context, settings, candidates });
  }

  /** One collection of a source, now, whatever its own rhythm is. `counts` are right even when it throws. */
  async collectOnce(sourceId: string, counts: ReadCounts, signal: AbortSignal): Promise<void> {
    const { runner } = this.#source(sourceId);
    await this.#untilStop((both) => runner.collectOnce(counts, both), signal);
  }

  async backfill(
    sourceId: string,
    request: BackfillRequest,
    onProgress: (progress: BackfillProgress) => void,
    signal: AbortSignal,
  ): Promise<ReadCounts> {
    const { runner, context, turns } = this.#source(sourceId);
    const live: LiveReading = {
      read: (keys, counts, both) => runner.collectOnce(counts, both, keys),
      headMillis: (key) => runner.headMillis(key),
    };
    return await this.#untilStop(
      (both) => backfill(runner.source, request, { ...context, live, turns }, onProgress, both),
      signal,
    );
  }

  /** Waits until every destination has what is in the spool now; resolves with who has not, and why. */
  async drain(signal: AbortSignal): Promise<ReadonlyMap<string, DrainResult>> {
    const options = { giveUpAfterAttempts: PATIENT_ATTEMPTS };
    const results = [...this.#deliveries].map(
      async ([id, delivery]) => [id, await delivery.drain(signal, options)] as const,
    );
    return new Map(await Promise.all(results));
  }

  /** Sends the dead letters of a destination again, through its sink and beside its delivery. `stop` ends it first. */
  async resendDeadLetters(
    destination: string,
    options: { readonly reason?: string; readonly onProgress?: (counts: ResendCounts) => void },
    signal: AbortSignal,
  ): Promise<ResendResult> {
    const { store, topology: _, logger, ...context } = this.#context;
    const sink = this.#sinks.get(destination);
    if (sink === undefined) throw new LogferryError('USAGE', `There is no destination "${destination}".`);
    const child = logger.child({ destination });
    const { turn } = sink;
    const settings = { ...context, ...options, destination, sink, turn, spool: store.spool, logger: child };
    return await this.#untilStop(async (both) => {
      await sink.untilOpen(both);
      return await resendDeadLetters({ ...settings, giveUpAfterAttempts: PATIENT_ATTEMPTS }, both);
    }, signal);
  }

  async status(): Promise<PipelineStatus> {
    const usage = await this.#context.store.spool.usage();
    const waiting = new Map(usage.consumers.map(({ consumer, ...rest }) => [consumer, rest]));
    return {
      sources: [...this.#sources.values()].map(({ runner }) => runner.status()),
      destinations: [...this.#deliveries].map(([id, delivery]) => ({
        id,
        ...delivery.status(),
        waiting: waiting.get(id) ?? NOTHING_WAITS,
      })),
      spool: spoolStatus(usage),
    };
  }

  /**
   * Ends everything that reads, so that what was read last is in the spool; then lets writes under way end. When it
   * resolves nothing of this pipeline writes to the state any more. Idempotent.
   */
  async stop(graceMillis?: number): Promise<void> {
    this.#stopReading.abort(new LogferryError('INTERRUPTED', 'Reading was asked to stop.'));
    await Promise.allSettled(this.#work);
    await Promise.all([...this.#deliveries.values()].map((delivery) => delivery.stop(graceMillis)));
  }

  async #open(): Promise<void> {
    const { topology, store, clock, random, logger, metrics } = this.#context;
    const gone = await store.spool.setConsumers(
      topology.destinations.map(({ id, inputs }) => ({ id, topics: inputs })),
    );
    for (const { consumer: destination, waitingRecords: records, deadLetters } of gone) {
      if (records + deadLetters === 0) continue;
      logger.warn(
        { destination, records, deadLetters },
        'A destination is no longer configured; records that it had not got were given up for it.',
      );
    }
    for (const destination of topology.destinations) {
      const { id } = destination;
      const sink = new SharedSink(destination.sink);
      this.#sinks.set(id, sink);
      const spool = store.spool;
      const child = logger.child({ destination: id });
      const settings = { destination: id, sink, turn: sink.turn, spool, clock, random, metrics };
      this.#deliveries.set(id, startDelivery({ ...settings, logger: child }));
    }
    for (const { id, source } of topology.sources) {
      const context = {
        store,
        route: routeOf(id, topology),
        clock,
        serviceClock: new ServiceClock(clock),
        random,
        logger,
        metrics,
        aheadSlots: this.#aheadSlots,
        uncommitted: this.#uncommitted,
      };
      const runner = new SourceRunner(id, source, context);
      this.#sources.set(id, { runner, context, turns: new BackfillTurns() });
    }
    const watched = { spool: store.spool, clock, metrics, logger };
    void this.#untilStop((stop) => watchSpool(watched, stop), this.#stopReading.signal);
  }

  /** Does what `stop` aborts and waits for; throws when the pipeline was stopped before. */
  async #untilStop<T>(work: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T> {
    const both = AbortSignal.any([signal, this.#stopReading.signal]);
    both.throwIfAborted();
    const running = work(both);
    this.#work.add(running);
    try {
      return await running;
    } finally {
      this.#work.delete(running);
    }
  }

  #source(id: string): SourceParts {
    const parts = this.#sources.get(id);
    if (parts !== undefined) return parts;
    const known = [...this.#sources.keys()].join(', ');
    throw new LogferryError('USAGE', `There is no source "${id}".`, {
      hint: known === '' ? 'The configuration has no sources.' : `Sources that there are: ${known}.`,
    });
  }
}

const NOTHING_WAITS: Omit<ConsumerUsage, 'consumer'> = {
  waitingEntries: 0,
  waitingRecords: 0,
  waitingBytes: 0,
  oldestMillis: undefined,
  deadLetters: 0,
  deadLetterBytes: 0,
};
