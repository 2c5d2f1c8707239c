/** How numbers and times are written, in the language of the page. All take its name, such as `zh-CN`. */

const BYTE_UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

export function formatCount(count: number, language: string): string {
  return new Intl.NumberFormat(language).format(count);
}

export function formatBytes(bytes: number, language: string): string {
  const power = bytes < 1 ? 0 : Math.min(BYTE_UNITS.length - 1, Math.floor(Math.log10(bytes) / 3));
  const unit = BYTE_UNITS[power] ?? 'byte';
  const value = bytes / 1000 ** power;
  return new Intl.NumberFormat(language, {
    style: 'unit',
    unit,
    maximumFractionDigits: value < 10 && power > 0 ? 1 : 0,
  }).format(value);
}

/** `3 min`, `2 h`: the largest unit that fits, rounded down to whole ones. */
export function formatDuration(millis: number, language: string): string {
  const [value, unit] = largestUnit(millis);
  return new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'short' }).format(value);
}

/** `3 min ago`. */
export function formatAgo(millis: number, language: string): string {
  const [value, unit] = largestUnit(millis);
  return new Intl.RelativeTimeFormat(language, { style: 'short' }).format(-value, unit);
}

export function formatTime(millis: number, language: string): string {
  return new Intl.DateTimeFormat(language, {
    dateStyle: 'medium',
    timeStyle: 'medium',
    hourCycle: 'h23',
  }).format(millis);
}

function largestUnit(millis: number): [number, 'second' | 'minute' | 'hour' | 'day'] {
  const seconds = Math.max(0, Math.floor(millis / 1000));
  if (seconds < 60) return [seconds, 'second'];
  if (seconds < 3600) return [Math.floor(seconds / 60), 'minute'];
  if (seconds < 172_800) return [Math.floor(seconds / 3600), 'hour'];
  return [Math.floor(seconds / 86_400), 'day'];
}
