/**
 * Whether reading reaches events before their log group's retention takes them: pure, over how the head has moved.
 *
 *      now − retention          head                    now
 *   ─────────┼────────────────────┼───────────────────────┤
 *     expired│←───── slack ──────→│←──────── lag ────────→│
 *
 * What expires first of what is unread lies at the head. It is lost when the slack is used up, which shrinks by as much as
 * the head is slower than time itself.
 */

/** Where the head was, and when. */
export interface HeadMark {
  readonly atMillis: number;
  readonly headMillis: number;
}

const MARK_EVERY_MILLIS = 60_000;
const MARKS_KEPT = 30;
/** A head moves in steps, poll by poll: over less than this it says nothing of its speed. */
const MEASURED_FOR_MILLIS = 120_000;

/** Somebody needs time to act: a day, or half of the retention where that is less. */
const WARN_BEFORE_MILLIS = 24 * 3_600_000;
/** A warning ends when the loss is further away by this than where it begins, so that it does not come and go. */
const CALM_FACTOR = 1.25;
/** So close to the end, relative to when the warning begins, a head that is not clearly faster than time is as good as lost. */
const BRINK_SHARE = 0.1;
const CLEARLY_FASTER = 1.1;

/** With the mark when the last one is old enough; the newest last. */
export function withMark(marks: readonly HeadMark[], mark: HeadMark): readonly HeadMark[] {
  const last = marks.at(-1);
  if (last !== undefined && last.atMillis > mark.atMillis) return [mark];
  if (last !== undefined && mark.atMillis - last.atMillis < MARK_EVERY_MILLIS) return marks;
  return [...marks, mark].slice(-MARKS_KEPT);
}

/** Milliseconds of event time that are read in a millisecond; undefined until it was watched for long enough. */
export function headSpeed(marks: readonly HeadMark[], now: HeadMark): number | undefined {
  const first = marks[0];
  if (first === undefined || now.atMillis - first.atMillis < MEASURED_FOR_MILLIS) return undefined;
  return (now.headMillis - first.headMillis) / (now.atMillis - first.atMillis);
}

export interface ExpiryRisk {
  /** When the first unread events expire, if reading goes on as it does. */
  readonly lossAtMillis: number;
  /** How far reading lags behind. */
  readonly lagMillis: number;
}

/** Undefined when there is nothing to warn of, or nothing known yet. `isWarned`: it was warned of before. */
export function expiryRisk(
  { atMillis, headMillis }: HeadMark,
  retentionMillis: number,
  speed: number | undefined,
  isWarned: boolean,
): ExpiryRisk | undefined {
  if (speed === undefined) return undefined;
  const slackMillis = Math.max(0, headMillis + retentionMillis - atMillis);
  const warnMillis = Math.min(WARN_BEFORE_MILLIS, retentionMillis / 2) * (isWarned ? CALM_FACTOR : 1);
  const isOnBrink = slackMillis < warnMillis * BRINK_SHARE && speed < CLEARLY_FASTER;
  const lossInMillis = isOnBrink
    ? slackMillis
    : speed >= 1
      ? Infinity
      : slackMillis / (1 - Math.max(0, speed));
  if (lossInMillis >= warnMillis) return undefined;
  return { lossAtMillis: Math.round(atMillis + lossInMillis), lagMillis: atMillis - headMillis };
}

/** Retentions that CloudWatch Logs knows, days. */
const RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];
const DAY_MILLIS = 86_400_000;

/** The next longer one that a log group can be given; undefined when there is none. */
export function longerRetentionDays(retentionMillis: number): number | undefined {
  return RETENTION_DAYS.find((days) => days * DAY_MILLIS > retentionMillis);
}
