import type { ComponentContext } from '../../contracts/component.ts';
import { noMetrics } from '../../contracts/metrics.ts';
import { systemClock } from '../../foundation/clock.ts';
import { silentLogger } from '../../foundation/logger.ts';
import { systemRandom } from '../../foundation/random.ts';

/** Of which transforms use nothing. */
export const componentContext: ComponentContext = {
  id: 'tidy',
  clock: systemClock,
  random: systemRandom,
  logger: silentLogger,
  metrics: noMetrics,
  dataDir: '/nowhere',
};
