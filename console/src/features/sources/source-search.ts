const HOUR_MILLIS = 3_600_000;

export const RANGES = {
  hour: HOUR_MILLIS,
  halfDay: 12 * HOUR_MILLIS,
  day: 24 * HOUR_MILLIS,
  week: 168 * HOUR_MILLIS,
};
export type RangeName = keyof typeof RANGES;

export function readSourceSearch({ range }: Readonly<Record<string, unknown>>): {
  readonly range: RangeName;
} {
  return { range: Object.keys(RANGES).includes(String(range)) ? (range as RangeName) : 'hour' };
}
