import type { Metrics } from '../../contracts/metrics.ts';
import type { Spool, SpoolUsage } from '../../contracts/spool.ts';
import type { Clock } from '../../foundation/clock.ts';
import type { Logger } from '../../foundation/logger.ts';
import { describeShares, makeRoom, type SpoolStatus, spoolStatus } from './spool-status.ts';

const MEASURE_MILLIS = 5000;
const FILLING_SHARE = 0.8;
/** So that a spool that hovers about the one does not tell of it again and again. */
const WELL_SHARE = 0.7;

export type SpoolLevel = 'well' | 'filling' | 'full';

/** Pure: what it is now, from what it was. */
export function spoolLevel(
  before: SpoolLevel,
  { usedBytes, maxBytes, fullSinceMillis }: SpoolStatus,
): SpoolLevel {
  if (fullSinceMillis !== undefined) return 'full';
  const share = usedBytes / maxBytes;
  if (share >= FILLING_SHARE) return 'filling';
  return before === 'well' || share < WELL_SHARE ? 'well' : 'filling';
}

interface WatchContext {
  readonly spool: Spool;
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly logger: Logger;
}

/** Measures the spool until aborted, and says in time what fills it, once for each time. */
export async function watchSpool(context: WatchContext, signal: AbortSignal): Promise<void> {
  const { spool, clock, logger } = context;
  let level: SpoolLevel = 'well';
  while (!signal.aborted) {
    try {
      const usage = await spool.usage();
      measure(usage, context);
      const status = spoolStatus(usage);
      const before: SpoolLevel = level;
      level = spoolLevel(before, status);
      if (level !== before) tell(before, level, status, logger);
    } catch (thrown) {
      logger.warn({ error: String(thrown) }, 'The use of the spool could not be measured.');
    }
    await clock.sleep(MEASURE_MILLIS, signal).catch(() => {});
  }
}

function measure({ usedBytes, maxBytes, consumers }: SpoolUsage, { metrics, clock }: WatchContext): void {
  metrics.set('logferry_spool_bytes', {}, usedBytes);
  metrics.set('logferry_spool_max_bytes', {}, maxBytes);
  for (const { consumer: destination, waitingRecords, oldestMillis, ...dead } of consumers) {
    const seconds = oldestMillis === undefined ? 0 : Math.max(0, clock.now() - oldestMillis) / 1000;
    metrics.set('logferry_waiting_records', { destination }, waitingRecords);
    metrics.set('logferry_oldest_waiting_seconds', { destination }, seconds);
    metrics.set('logferry_dead_letters', { destination }, dead.deadLetters);
    metrics.set('logferry_dead_letter_bytes', { destination }, dead.deadLetterBytes);
  }
}

function tell(before: SpoolLevel, level: SpoolLevel, status: SpoolStatus, logger: Logger): void {
  const { usedBytes, maxBytes, shares } = status;
  const details = { usedBytes, maxBytes, filledBy: describeShares(shares), next: makeRoom(shares) };
  if (level === 'full')
    logger.error(
      details,
      'The spool is full: reading waits until there is room. Nothing is lost while the log service keeps its events.',
    );
  else if (level === 'filling' && before === 'well')
    logger.warn(details, 'The spool fills up: when it is full, reading waits.');
  if (before === 'full' && level !== 'full')
    logger.info({ usedBytes, maxBytes }, 'The spool has room again: reading goes on.');
}
