import type { Metrics } from '../contracts/metrics.ts';
import type { Clock } from '../foundation/clock.ts';
import type { Logger } from '../foundation/logger.ts';
import type { Random } from '../foundation/random.ts';
import type { AwsTimeouts } from './client/connection.ts';

/** What every account of a process works with. */
export interface AwsAccountsContext {
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** The process's environment when left out. */
  readonly env?: NodeJS.ProcessEnv;
  /** Those of DEFAULT_TIMEOUTS when left out. */
  readonly timeouts?: AwsTimeouts;
}
