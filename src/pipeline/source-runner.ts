import type { Discovery, PullSource } from '../contracts/pull-source.ts';
import { backOffMillis } from '../foundation/back-off.ts';
import type { ErrorCode } from '../foundation/error-codes.ts';
import { describeError, LogferryError } from '../foundation/logferry-error.ts';
import type { AuditCandidate } from './audit/auditor.ts';
import { measureCoverage } from './coverage/measure-coverage.ts';
import { PartitionRunner, type PartitionRunnerContext, type PartitionStatus } from './partition-runner.ts';
import { missingError, requireFound } from './require-found.ts';
import type { ReadCounts } from './slice-reader.ts';

const DISCOVERY_BACK_OFF = { firstMillis: 2000, maxMillis: 60_000 };
const METRICS_MILLIS = 5000;

export interface SourceStatus {
  readonly id: string;
  readonly state: 'discovering' | 'collecting' | 'degraded' | 'blocked' | 'idle';
  /** Of what was read up to now, the age of the oldest end; undefined before the first read. */
  readonly lagMillis: number | undefined;
  readonly partitions: readonly PartitionStatus[];
  readonly skipped: Discovery['skipped'];
  readonly warnings: Discovery['warnings'];
  readonly discoveredAtMillis: number | undefined;
  readonly error?: { readonly code: ErrorCode; readonly message: string; readonly hint?: string };
}

type RunnerContext = Omit<PartitionRunnerContext, 'collect'>;

interface Running {
  readonly runner: PartitionRunner;
  readonly stop: AbortController;
  readonly ended: Promise<void>;
}

/** Finds a source's partitions, again and again, and keeps each of them polled. */
export class SourceRunner {
  readonly id: string;
  readonly source: PullSource;
  readonly #context: PartitionRunnerContext;
  readonly #runners = new Map<string, PartitionRunner>();
  readonly #running = new Map<string, Running>();
  #discovery: Discovery = { partitions: [], skipped: [], missing: [], warnings: [] };
  #discoveredAtMillis: number | undefined;
  #error: SourceStatus['error'];
  #told = new Set<string>();

  constructor(id: string, source: PullSource, context: RunnerContext) {
    this.id = id;
    this.source = source;
    this.#context = { ...context, collect: source.collect };
  }

  /** Discovers and polls until aborted; resolves when everything under way has come to its end. */
  async follow(signal: AbortSignal): Promise<void> {
    const measuring = this.#keepMeasuring(signal);
    const { clock, random } = this.#context;
    let failures = 0;
    while (!signal.aborted) {
      let waitMillis = this.source.collect.discoverEveryMillis;
      try {
        await this.#discover(signal);
        failures = 0;
        this.#startAndStop(signal);
      } catch (thrown) {
        if (signal.aborted) break;
        failures++;
        this.#discoveryFailed(thrown);
        waitMillis = Math.min(waitMillis, backOffMillis(failures, DISCOVERY_BACK_OFF, random));
      }
      await clock.sleep(waitMillis, signal).catch(() => {});
    }
    await Promise.all([...this.#running.values()].map(({ ended }) => ended));
    await measuring;
  }

  /**
   * One discovery, and one poll of everything that it found, or of some of it; lines that transforms hold are waited
   * for. Throws the first error after all partitions had their turn; `counts` are right all the same. Throws
   * AWS_NOT_FOUND when nothing of what was named is there.
   */
  async collectOnce(counts: ReadCounts, signal: AbortSignal, only?: ReadonlySet<string>): Promise<void> {
    if (this.#running.size === 0) {
      await this.#discover(signal);
      const found = new Set(this.#discovery.partitions.map(({ key }) => key));
      for (const key of this.#runners.keys()) if (!found.has(key)) this.#runners.delete(key);
    }
    requireFound(this.#discovery);
    const runners = [...this.#runners].flatMap(([key, runner]) => (only?.has(key) === false ? [] : [runner]));
    await allSettled(runners.map((runner) => runner.poll(counts, signal)));
    await allSettled(runners.map((runner) => this.#settle(runner, counts, signal)));
  }

  headMillis(partitionKey: string): number | undefined {
    return this.#runners.get(partitionKey)?.status().headMillis;
  }

  status(): SourceStatus {
    const partitions = [...this.#runners.values()].map((runner) => runner.status());
    return {
      id: this.id,
      state: this.#state(partitions),
      lagMillis: this.#lagMillis(partitions),
      partitions,
      skipped: this.#discovery.skipped,
      warnings: this.#discovery.warnings,
      discoveredAtMillis: this.#discoveredAtMillis,
      ...(this.#error !== undefined && { error: this.#error }),
    };
  }

  auditCandidates(): AuditCandidate[] {
    const nowMillis = this.#context.serviceClock.now();
    return [...this.#runners.values()].map((runner) => ({ source: this.id, runner, nowMillis }));
  }

  #state(partitions: readonly PartitionStatus[]): SourceStatus['state'] {
    const states = partitions.map(({ state }) => state);
    if (this.#discoveredAtMillis === undefined) return this.#error === undefined ? 'discovering' : 'blocked';
    if (states.length === 0) return this.#error === undefined ? 'idle' : 'degraded';
    if (states.every((state) => state === 'blocked')) return 'blocked';
    const isWell = states.every((state) => state === 'waiting' || state === 'reading' || state === 'gone');
    const isExpiring = partitions.some(({ expiring }) => expiring !== undefined);
    return isWell && !isExpiring && this.#error === undefined ? 'collecting' : 'degraded';
  }

  #lagMillis(partitions: readonly PartitionStatus[]): number | undefined {
    const heads = partitions
      .filter(({ state }) => state !== 'gone')
      .map(({ headMillis }) => headMillis)
      .filter((head) => head !== undefined);
    return heads.length === 0
      ? undefined
      : Math.max(0, this.#context.serviceClock.now() - heads.reduce((a, b) => Math.min(a, b)));
  }

  async #discover(signal: AbortSignal): Promise<void> {
    const discovery = await this.source.discover(signal);
    this.#discovery = discovery;
    this.#discoveredAtMillis = this.#context.clock.now();
    const missing = missingError(discovery);
    this.#error = missing && errorStatus(missing);
    for (const partition of discovery.partitions) {
      const runner = this.#runners.get(partition.key) ?? new PartitionRunner(partition, this.#context);
      this.#runners.set(partition.key, runner);
      runner.partition = partition;
    }
    this.#tell(discovery);
  }

  #startAndStop(signal: AbortSignal): void {
    const wanted = new Set(this.#discovery.partitions.map(({ key }) => key));
    for (const [key, runner] of this.#runners) {
      if (wanted.has(key)) {
        if (!this.#running.has(key)) this.#running.set(key, this.#start(key, runner, signal));
      } else if (this.#running.has(key)) this.#running.get(key)?.stop.abort(new Error('no longer found'));
      else this.#runners.delete(key);
    }
  }

  #start(key: string, runner: PartitionRunner, signal: AbortSignal): Running {
    const stop = new AbortController();
    const both = AbortSignal.any([signal, stop.signal]);
    const ended = runner
      .follow(both)
      // What is no longer found is read to its end: a task that stopped has written its last lines after the last poll.
      .catch(() => (stop.signal.aborted && !signal.aborted ? this.#readToEnd(runner, signal) : undefined))
      .finally(() => {
        this.#running.delete(key);
        if (stop.signal.aborted) this.#runners.delete(key);
      });
    return { runner, stop, ended };
  }

  async #readToEnd(runner: PartitionRunner, signal: AbortSignal): Promise<void> {
    const counts = { fetched: 0, duplicate: 0, committed: 0, dropped: {} };
    await runner.poll(counts, signal).catch(() => {});
    await this.#settle(runner, counts, signal).catch(() => {});
  }

  async #settle(runner: PartitionRunner, counts: ReadCounts, signal: AbortSignal): Promise<void> {
    const { clock, serviceClock } = this.#context;
    for (;;) {
      const wakeAtMillis = runner.wakeAtMillis;
      if (wakeAtMillis === undefined) return;
      await clock.sleep(Math.max(1, wakeAtMillis - serviceClock.now()), signal);
      await runner.flush(counts, signal);
    }
  }

  #discoveryFailed(thrown: unknown): void {
    const { logger, metrics } = this.#context;
    const before = this.#error?.code;
    this.#error = errorStatus(thrown);
    const { code, hint } = this.#error;
    const isNew = before !== code;
    metrics.count('logferry_source_errors_total', { source: this.id, code });
    const details = { source: this.id, code, error: this.#error.message, ...(hint && { next: hint }) };
    if (isNew) logger.warn(details, 'Discovery failed; it is tried again.');
    else logger.debug(details, 'Discovery failed again.');
  }

  /** Each notice once, until it is gone. */
  #tell(discovery: Discovery): void {
    const { logger } = this.#context;
    const now = new Set<string>();
    const notices = [
      ...discovery.warnings.map(({ title, detail, fix }) => ({ title, detail, fix, level: 'warn' as const })),
      ...discovery.missing.map(({ title, reason, fix }) => ({
        title: `Not found: ${title}`,
        detail: reason,
        fix,
        level: 'warn' as const,
      })),
      ...discovery.skipped.map(({ title, reason, fix }) => ({
        title,
        detail: reason,
        fix,
        level: 'info' as const,
      })),
    ];
    for (const { title, detail, fix, level } of notices) {
      const key = `${title}\n${detail}`;
      now.add(key);
      if (this.#told.has(key)) continue;
      logger[level](
        { source: this.id, detail, ...(fix !== undefined && { next: fix }) },
        level === 'info' ? `Not read: ${title}` : title,
      );
    }
    this.#told = now;
  }

  /** Sets the gauges of the source, and looks whether events are about to expire; while following every few seconds. */
  measure(): void {
    const { metrics, serviceClock } = this.#context;
    const labels = { source: this.id };
    const runners = [...this.#runners.values()];
    for (const runner of runners) runner.watchExpiry();
    const { partitions, lagMillis } = this.status();
    const countOf = (is: (partition: PartitionStatus) => boolean) => partitions.filter(is).length;
    if (lagMillis !== undefined) metrics.set('logferry_source_lag_seconds', labels, lagMillis / 1000);
    metrics.set('logferry_source_partitions', labels, partitions.length);
    metrics.set(
      'logferry_source_blocked_partitions',
      labels,
      countOf(({ state }) => state === 'blocked'),
    );
    metrics.set(
      'logferry_source_expiring_partitions',
      labels,
      countOf(({ expiring }) => expiring !== undefined),
    );
    const checkpoints = runners.map(({ checkpoint }) => checkpoint).filter((one) => one !== undefined);
    measureCoverage(this.id, checkpoints, serviceClock.now(), metrics);
  }

  async #keepMeasuring(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      this.measure();
      await this.#context.clock.sleep(METRICS_MILLIS, signal).catch(() => {});
    }
  }
}

function errorStatus(thrown: unknown): NonNullable<SourceStatus['error']> {
  if (!(thrown instanceof LogferryError)) return { code: 'INTERNAL', message: describeError(thrown) };
  const { code, hint } = thrown;
  return { code, message: describeError(thrown), ...(hint !== undefined && { hint }) };
}

/** Like Promise.all, but waits for all before it throws the first error. */
async function allSettled(work: readonly Promise<void>[]): Promise<void> {
  const results = await Promise.allSettled(work);
  const failed = results.find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}
