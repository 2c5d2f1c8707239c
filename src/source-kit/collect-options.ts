import { CronPattern } from 'croner';
import { z } from 'zod';
import type { CollectSettings } from '../contracts/pull-source.ts';
import { durationOption } from '../foundation/option-types.ts';

const DEFAULT_EVERY_MILLIS = 10_000;
const SECOND = 1000;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Options that every pull source has; spread into its own schema, then refined by `everyOrSchedule`. */
export const collectOptions = {
  account: z
    .string()
    .min(1)
    .optional()
    .describe('Name of an entry under `accounts`. Without it: the only one there, or the default chain.')
    .meta({ example: 'prod' }),
  source: z
    .string()
    .min(1)
    .optional()
    .describe("The data source that records are filed under in the backend. Default: the source's id.")
    .meta({ example: 'ecs_log_source' }),
  every: durationOption(SECOND, DAY)
    .optional()
    .describe('Wait between two reads of the newest events, 1s to 1d. Default: 10s. Not with `schedule`.')
    .meta({ example: '10s' }),
  idle_every: durationOption(SECOND, DAY)
    .prefault('60s')
    .describe(
      'Longest wait between two reads of a log group that has nothing new: a tenth of how long that is so.',
    )
    .meta({ example: '60s', advanced: true }),
  schedule: z
    .string()
    .refine(isCron, 'This is no cron expression of five fields, such as "*/5 * * * *".')
    .optional()
    .describe('Cron expression of five fields, in place of `every`.')
    .meta({ example: '*/5 * * * *' }),
  time_zone: z
    .string()
    .refine(isTimeZone, 'This is no IANA time zone, such as "Asia/Shanghai".')
    .optional()
    .describe('Time zone of `schedule`. Default: that of the machine.')
    .meta({ example: 'Asia/Shanghai', advanced: true }),
  start_from: durationOption(-3650 * DAY, 0)
    .prefault('-15m')
    .describe('Where to begin without a checkpoint, relative to now: -15m, -7d, or 0s for now.')
    .meta({ example: '-15m' }),
  max_lateness: durationOption(60 * SECOND, 14 * DAY)
    .prefault('1h')
    .describe('How late an event may arrive after its own time and still be read, 1m to 14d.')
    .meta({ example: '1h', advanced: true }),
  discover_every: durationOption(SECOND, DAY)
    .prefault('60s')
    .describe('Wait between two looks for new log groups, services and tasks, 1s to 1d.')
    .meta({ example: '60s', advanced: true }),
} as const;

export interface CollectOptions {
  readonly every?: number | undefined;
  readonly idle_every: number;
  readonly schedule?: string | undefined;
  readonly time_zone?: string | undefined;
  readonly start_from: number;
  readonly max_lateness: number;
  readonly discover_every: number;
}

/** For `.check()` on a source's schema: `every` and `schedule` exclude each other, a zone needs a schedule. */
export function everyOrSchedule(payload: {
  readonly value: Pick<CollectOptions, 'every' | 'schedule' | 'time_zone'>;
  readonly issues: unknown[];
}): void {
  const { every, schedule, time_zone } = payload.value;
  const refuse = (key: string, message: string) =>
    payload.issues.push({ code: 'custom', path: [key], message, input: payload.value });
  if (every !== undefined && schedule !== undefined)
    refuse('schedule', 'Set either `every` or `schedule`, not both.');
  if (time_zone !== undefined && schedule === undefined)
    refuse('time_zone', '`time_zone` belongs to `schedule`, which is not set.');
}

export function collectSettings(options: CollectOptions): CollectSettings {
  return {
    // 0 - x: plain negation would make -0 of 0.
    startBeforeMillis: 0 - options.start_from,
    everyMillis: options.every ?? DEFAULT_EVERY_MILLIS,
    idleEveryMillis: options.idle_every,
    ...(options.schedule !== undefined && { schedule: options.schedule }),
    ...(options.time_zone !== undefined && { timeZone: options.time_zone }),
    maxLatenessMillis: options.max_lateness,
    discoverEveryMillis: options.discover_every,
  };
}

function isCron(text: string): boolean {
  return doesNotThrow(() => new CronPattern(text, undefined, { mode: '5-part' }));
}

function isTimeZone(text: string): boolean {
  return doesNotThrow(() => new Intl.DateTimeFormat('en', { timeZone: text }));
}

function doesNotThrow(make: () => unknown): boolean {
  try {
    make();
    return true;
  } catch {
    return false;
  }
}
