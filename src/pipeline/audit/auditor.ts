import type { AuditFinding, AuditSummary, TimeRange } from '../../contracts/checkpoint.ts';
import type { Metrics } from '../../contracts/metrics.ts';
import type { Clock } from '../../foundation/clock.ts';
import { describeError, LogferryError } from '../../foundation/logferry-error.ts';
import type { Logger } from '../../foundation/logger.ts';
import type { Random } from '../../foundation/random.ts';
import { MINUTE_MILLIS } from '../coverage/coverage.ts';
import type { PartitionRunner } from '../partition-runner.ts';
import { type AuditContext, type AuditOutcome, auditMinute } from './audit-minute.ts';
import { withCompared, withNotComparable } from './audit-summary.ts';
import { auditableRange, isInGap, pickMinute } from './pick-minute.ts';
import { type Audited, tellAudited } from './tell-audited.ts';

export interface AuditSettings {
  /** Between two minutes that are counted again. */
  readonly everyMillis: number;
  readonly repair: boolean;
}

/** A partition that may be audited; `nowMillis` in its service's time. */
export interface AuditCandidate {
  readonly source: string;
  readonly runner: PartitionRunner;
  readonly nowMillis: number;
}

export interface AuditorContext extends Omit<AuditContext, 'repair'> {
  readonly settings: AuditSettings;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly candidates: () => readonly AuditCandidate[];
}

/** With the minutes that can be counted again. */
type Auditable = AuditCandidate & { readonly range: TimeRange };

interface Lead {
  readonly key: string;
  readonly minuteMillis: number;
}

/** Where one minute lacked events its neighbours may too: they are looked at sooner by this. */
const LEADS_FASTER = 10;
const MAX_LEADS = 1000;
/** Minutes that were followed already and are not followed back to. */
const MAX_FOLLOWED = 10_000;
/** An audit that has not had its requests by then is given up: there are more urgent ones. */
const DEADLINE_MILLIS = 600_000;
/** With a clock that is further off, counts may have been let go that should not have been. */
const MAX_SKEW_MILLIS = 3_600_000;

/** Counts sealed minutes again, a few at a time, drawn by lot among all partitions of the process. */
export class Auditor {
  readonly #context: AuditorContext;
  #leads: Lead[] = [];
  readonly #followed = new Set<string>();

  constructor(context: AuditorContext) {
    this.#context = context;
  }

  /** Until aborted; never rejects. */
  async follow(signal: AbortSignal): Promise<void> {
    const { clock, random, settings } = this.#context;
    while (!signal.aborted) {
      const everyMillis = this.#leads.length > 0 ? settings.everyMillis / LEADS_FASTER : settings.everyMillis;
      await clock.sleep(everyMillis * (0.5 + random.next()), signal).catch(() => {});
      if (!signal.aborted) await this.auditNext(signal).catch(() => {});
    }
  }

  /** Counts one minute again; undefined when there is none to count. Rejects with the signal's reason when aborted. */
  async auditNext(signal: AbortSignal): Promise<Audited | undefined> {
    const candidates = this.#candidates();
    const next = this.#lead(candidates) ?? this.#drawn(candidates);
    return next && (await this.#audit(next.candidate, next.minuteMillis, signal));
  }

  #candidates(): Auditable[] {
    const wallMillis = this.#context.clock.now();
    return this.#context.candidates().flatMap((candidate) => {
      const { runner, nowMillis } = candidate;
      const isWell = runner.state !== 'gone' && runner.state !== 'blocked';
      if (runner.checkpoint === undefined || !isWell || Math.abs(wallMillis - nowMillis) > MAX_SKEW_MILLIS)
        return [];
      const range = auditableRange(runner.checkpoint, runner.partition, nowMillis);
      return range === undefined ? [] : [{ ...candidate, range }];
    });
  }

  #lead(candidates: readonly Auditable[]) {
    for (let lead = this.#leads.shift(); lead !== undefined; lead = this.#leads.shift()) {
      const { key, minuteMillis } = lead;
      const candidate = candidates.find(({ runner }) => runner.partition.key === key);
      const range = candidate?.range;
      const isInside =
        range !== undefined && minuteMillis >= range.fromMillis && minuteMillis <= range.toMillis;
      if (candidate !== undefined && isInside) return { candidate, minuteMillis };
    }
    return undefined;
  }

  #drawn(candidates: readonly Auditable[]) {
    const { random } = this.#context;
    const candidate = candidates[Math.floor(random.next() * candidates.length)];
    if (candidate === undefined) return undefined;
    const minuteMillis = pickMinute(candidate.range, random);
    const { checkpoint } = candidate.runner;
    return checkpoint === undefined || isInGap(checkpoint, minuteMillis)
      ? undefined
      : { candidate, minuteMillis };
  }

  async #audit(
    { source, runner }: AuditCandidate,
    minuteMillis: number,
    signal: AbortSignal,
  ): Promise<Audited> {
    const { store, settings } = this.#context;
    const context = { store, repair: settings.repair };
    const outcome = await this.#inTime(
      (deadline) => auditMinute(runner, minuteMillis, context, deadline),
      signal,
    );
    const audited = { source, title: runner.partition.title, minuteMillis, outcome };
    tellAudited(audited, this.#context);
    if (outcome.kind === 'missing') this.#follow(runner.partition.key, minuteMillis);
    await runner.noteAudit((audits) => this.#noted(audits, audited), outcome.kind === 'missing', signal);
    return audited;
  }

  /** An error is an outcome as well: nothing is known of the minute, and others are looked at. */
  async #inTime(
    work: (signal: AbortSignal) => Promise<AuditOutcome>,
    signal: AbortSignal,
  ): Promise<AuditOutcome> {
    const { clock, logger } = this.#context;
    const over = new AbortController();
    const deadline = new AbortController();
    void clock.sleep(DEADLINE_MILLIS, over.signal).then(
      () => deadline.abort(new LogferryError('AWS_THROTTLED', 'The audit took too long.')),
      () => {},
    );
    try {
      return await work(AbortSignal.any([signal, deadline.signal]));
    } catch (thrown) {
      signal.throwIfAborted();
      logger.debug({ error: describeError(thrown) }, 'A minute could not be counted again.');
      return { kind: 'not_comparable', reason: thrown instanceof LogferryError ? thrown.code : 'INTERNAL' };
    } finally {
      over.abort();
    }
  }

  #noted(audits: AuditSummary | undefined, { minuteMillis, outcome }: Audited): AuditSummary {
    const nowMillis = this.#context.clock.now();
    if (outcome.kind === 'not_comparable') return withNotComparable(audits, nowMillis, outcome.reason);
    if (outcome.kind === 'complete') return withCompared(audits, nowMillis, minuteMillis);
    const { way, missing, repaired } = outcome;
    const finding: AuditFinding = { minuteMillis, foundAtMillis: nowMillis, way, missing, repaired };
    return withCompared(audits, nowMillis, minuteMillis, finding);
  }

  #follow(key: string, minuteMillis: number): void {
    for (const neighbour of [minuteMillis - MINUTE_MILLIS, minuteMillis, minuteMillis + MINUTE_MILLIS]) {
      const name = `${key} ${neighbour}`;
      if (this.#followed.has(name) || this.#leads.length >= MAX_LEADS) continue;
      if (this.#followed.size >= MAX_FOLLOWED) this.#followed.clear();
      this.#followed.add(name);
      if (neighbour !== minuteMillis) this.#leads.push({ key, minuteMillis: neighbour });
    }
  }
}
