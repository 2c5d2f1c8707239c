import type { Metrics } from '../../contracts/metrics.ts';
import type { Logger } from '../../foundation/logger.ts';
import { MINUTE_MILLIS } from '../coverage/coverage.ts';
import type { AuditOutcome } from './audit-minute.ts';

export interface Audited {
  readonly source: string;
  readonly title: string;
  readonly minuteMillis: number;
  readonly outcome: AuditOutcome;
}

/** Counts a minute that was looked at, and says loudly when it lacked events. */
export function tellAudited(
  { source, title, minuteMillis, outcome }: Audited,
  { metrics, logger }: { readonly metrics: Metrics; readonly logger: Logger },
): void {
  metrics.count('logferry_audited_minutes_total', { source, outcome: outcome.kind });
  if (outcome.kind !== 'missing') return;
  const { missing, repaired, kept, way, because } = outcome;
  metrics.count('logferry_audit_missing_records_total', { source }, missing);
  metrics.count('logferry_audit_repaired_records_total', { source }, repaired);
  const minute = new Date(minuteMillis).toISOString();
  const details = { source, partition: title, minute, kept, missing, repaired, way };
  if (repaired === missing) {
    logger.warn(details, 'A sealed minute lacked events; they were read again and are delivered.');
    return;
  }
  const next = nextStep(because, source, minuteMillis);
  logger.warn({ ...details, because, next }, 'A sealed minute lacks events.');
}

function nextStep(
  because: (AuditOutcome & { readonly kind: 'missing' })['because'],
  source: string,
  minuteMillis: number,
): string {
  if (because === 'repair_off') return 'Set audit.repair to true, and they are read again.';
  const time = (millis: number) => new Date(millis).toISOString();
  const command = `logferry backfill ${source} --from ${time(minuteMillis)} --to ${time(minuteMillis + MINUTE_MILLIS - 1)} --again`;
  return because === 'unidentified'
    ? `Which ones cannot be told. To read all of the minute again, and deliver what was delivered a second time: ${command}`
    : 'It is looked at again when it is drawn again.';
}
