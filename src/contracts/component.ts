import type { z } from 'zod';
import type { Clock } from '../foundation/clock.ts';
import type { Logger } from '../foundation/logger.ts';
import type { Random } from '../foundation/random.ts';
import type { Metrics } from './metrics.ts';

/** What every component is given. A component takes time, chance and output from here and nowhere else. */
export interface ComponentContext {
  /** The component's name in the configuration. */
  readonly id: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Absolute path of the data folder; a component writes to a folder of its own below it. */
  readonly dataDir: string;
}

/** Facts about an option that are not in its type; put there with zod's `.meta()`. */
export interface OptionMeta {
  /** Never shown, logged or exported. */
  readonly secret?: boolean;
  /** Left out of the first page of a form. */
  readonly advanced?: boolean;
  readonly example?: unknown;
}

/**
 * How a component is known to the catalogue: its name, its options and how to make one. `create` neither
 * connects nor reads: it throws only for options that contradict each other, as a LogferryError.
 */
export interface Definition<
  Instance,
  Options = unknown,
  Context extends ComponentContext = ComponentContext,
> {
  /** The `type` in the configuration: snake_case. */
  readonly type: string;
  readonly title: string;
  readonly description: string;
  /** Options without `type` and `inputs`, which the configuration adds. Every option has a description. */
  readonly options: z.ZodType<Options>;
  create(options: Options, context: Context): Instance;
}
