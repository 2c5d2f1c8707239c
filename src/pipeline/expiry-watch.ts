import type { Partition } from '../contracts/pull-source.ts';
import { formatRoughDuration } from '../foundation/duration.ts';
import type { Logger } from '../foundation/logger.ts';
import {
  type ExpiryRisk,
  expiryRisk,
  type HeadMark,
  headSpeed,
  longerRetentionDays,
  withMark,
} from '../source-kit/expiry-risk.ts';

/** Watches whether the reading of a partition reaches its events before they expire, and says so once when not. */
export class ExpiryWatch {
  readonly #logger: Logger;
  #marks: readonly HeadMark[] = [];
  #risk: ExpiryRisk | undefined;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** Undefined while nothing is to be feared. */
  get risk(): ExpiryRisk | undefined {
    return this.#risk;
  }

  /** Called now and then; `mark` in the service's time. */
  look(partition: Pick<Partition, 'title' | 'retentionMillis'>, mark: HeadMark, state: string): void {
    const { retentionMillis } = partition;
    const before = this.#risk;
    this.#marks = withMark(this.#marks, mark);
    this.#risk =
      retentionMillis === undefined
        ? undefined
        : expiryRisk(mark, retentionMillis, headSpeed(this.#marks, mark), before !== undefined);
    if (this.#risk !== undefined && before === undefined && retentionMillis !== undefined) {
      const details = { partition: partition.title, state, ...described(this.#risk, mark.atMillis) };
      const next = whatToDo(retentionMillis);
      this.#logger.warn({ ...details, next }, 'Events will expire in CloudWatch Logs before they are read.');
    } else if (this.#risk === undefined && before !== undefined)
      this.#logger.info(
        { partition: partition.title },
        'Reading reaches its events before they expire again.',
      );
  }
}

function described({ lossAtMillis, lagMillis }: ExpiryRisk, nowMillis: number) {
  return {
    firstLossAt: new Date(lossAtMillis).toISOString(),
    firstLossIn: formatRoughDuration(lossAtMillis - nowMillis),
    lag: formatRoughDuration(lagMillis),
  };
}

function whatToDo(retentionMillis: number): string {
  const days = longerRetentionDays(retentionMillis);
  const keep =
    days === undefined
      ? ''
      : `Let the log group keep its events for longer until reading has caught up: aws logs put-retention-policy --retention-in-days ${days} --log-group-name <group>. `;
  return `${keep}Then see what holds reading up: \`logferry check\` for permissions, a spool that is full because a destination is down, or a request rate that is shared with others.`;
}
