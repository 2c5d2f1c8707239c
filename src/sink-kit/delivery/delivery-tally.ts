import { DAMAGED, type SpoolEntry } from '../../contracts/spool.ts';
import { describeError } from '../../foundation/logferry-error.ts';
import { fixFor } from '../failure-fix.ts';
import type { DeliverySettings, DeliveryStatus } from './delivery.ts';
import { afterOutcome, type DeliveryJob } from './delivery-job.ts';
import type { DeliveryState } from './delivery-state.ts';
import type { WriteResult } from './write-once.ts';

type Counts = Pick<
  DeliveryStatus,
  'delivered' | 'deadLetters' | 'retries' | 'lastDeliveredAtMillis' | 'lastError'
>;

/** Counts what happened: in the status, in the metrics, and in the log where somebody should know. */
export class DeliveryTally {
  readonly #settings: DeliverySettings;
  #counts: Counts = {
    delivered: 0,
    deadLetters: 0,
    retries: 0,
    lastDeliveredAtMillis: undefined,
    lastError: undefined,
  };

  constructor(settings: DeliverySettings) {
    this.#settings = settings;
  }

  counts(): Counts {
    return this.#counts;
  }

  lastErrorText(): string {
    const error = this.#counts.lastError;
    return error === undefined ? 'No error was seen.' : `${error.reason}: ${error.detail}`;
  }

  failed(reason: string, detail: string, fix: string = fixFor(reason)): void {
    this.#counts = {
      ...this.#counts,
      lastError: { reason, detail, fix, atMillis: this.#settings.clock.now() },
    };
  }

  written(job: DeliveryJob, result: Exclude<WriteResult, { kind: 'stopped' }>): void {
    const { destination, metrics, clock, logger } = this.#settings;
    const { outcome } = result;
    if (result.kind === 'defect')
      logger.error(
        { batch: job.id, error: describeError(result.thrown) },
        'A defect: the destination threw instead of saying how the write ended. It is tried again.',
      );
    if (outcome.kind === 'retry') {
      this.#counts = { ...this.#counts, retries: this.#counts.retries + 1 };
      metrics.count('logferry_delivery_retries_total', { destination, reason: outcome.reason });
      this.failed(outcome.reason, outcome.detail);
      return;
    }
    if (outcome.kind === 'rejected') this.failed(outcome.reason, outcome.detail);
    const deadLetters = afterOutcome(job, outcome).flatMap((after) => after.deadLetters);
    for (const { reason, detail } of deadLetters) {
      metrics.count('logferry_dead_letters_total', { destination, reason });
      logger.debug({ reason, detail }, 'A record was refused for good; it is kept as a dead letter.');
    }
    const accepted = outcome.kind === 'rejected' ? 0 : job.run.records.length - deadLetters.length;
    this.#counts = {
      ...this.#counts,
      delivered: this.#counts.delivered + accepted,
      deadLetters: this.#counts.deadLetters + deadLetters.length,
      ...(accepted > 0 && { lastDeliveredAtMillis: clock.now() }),
    };
    if (outcome.kind === 'rejected') return;
    metrics.count('logferry_delivered_records_total', { destination }, accepted);
    metrics.count('logferry_delivered_bytes_total', { destination }, outcome.bytes ?? 0);
    metrics.count('logferry_truncated_messages_total', { destination }, outcome.truncated ?? 0);
    if (result.kind === 'outcome')
      metrics.observe('logferry_delivery_seconds', { destination }, result.tookMillis / 1000);
  }

  /** Records that are lost to the destination, unless they are read again: said as loudly as can be. */
  setAside({ offset, topic, committedAtMillis, damage }: SpoolEntry, records: number): void {
    const { destination, metrics, logger } = this.#settings;
    const readAt = new Date(committedAtMillis).toISOString();
    metrics.count('logferry_dead_letters_total', { destination, reason: DAMAGED }, records);
    this.#counts = { ...this.#counts, deadLetters: this.#counts.deadLetters + records };
    const fix = `What was read about ${readAt} is still in the log service: \`logferry backfill <source> --from … --to … --again\` reads it again. Look at the disk.`;
    this.failed(DAMAGED, `An entry of the spool with ${records} records is damaged: ${damage}`, fix);
    logger.error(
      { offset, topic, records, readAt, damage, next: fix },
      'A damaged entry of the spool was set aside: its records are not delivered. Delivery goes on.',
    );
  }

  /** An outage is said when it begins and when it ends, not at each attempt. */
  changed(before: DeliveryState, after: DeliveryState): void {
    const { logger, clock } = this.#settings;
    if (after.kind === 'retrying' && before.kind !== 'retrying')
      logger.warn(
        { reason: after.reason, detail: after.detail, fix: fixFor(after.reason) },
        'The destination does not take batches; what waits is kept in the spool, and delivery is tried again.',
      );
    if (before.kind === 'retrying' && after.kind === 'delivering')
      logger.info(
        { downMillis: clock.now() - before.sinceMillis, attempts: before.attempt },
        'The destination takes batches again.',
      );
  }
}
