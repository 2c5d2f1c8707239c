/** The levels a record can have, most severe first. DataKit's own status names, so that nothing is translated twice. */
export const LEVELS = [
  'emerg',
  'alert',
  'critical',
  'error',
  'warning',
  'notice',
  'info',
  'debug',
  'OK',
] as const;

export type Level = (typeof LEVELS)[number];

const SYNONYMS: Readonly<Record<string, Level>> = {
  emerg: 'emerg',
  emergency: 'emerg',
  panic: 'emerg',
  alert: 'alert',
  critical: 'critical',
  crit: 'critical',
  fatal: 'critical',
  severe: 'critical',
  dpanic: 'critical',
  error: 'error',
  err: 'error',
  e: 'error',
  f: 'critical',
  c: 'critical',
  warning: 'warning',
  warn: 'warning',
  w: 'warning',
  notice: 'notice',
  n: 'notice',
  info: 'info',
  information: 'info',
  informational: 'info',
  i: 'info',
  log: 'info',
  debug: 'debug',
  dbg: 'debug',
  d: 'debug',
  trace: 'debug',
  verbose: 'debug',
  fine: 'debug',
  finer: 'debug',
  finest: 'debug',
  config: 'info',
  silly: 'debug',
  ok: 'OK',
  success: 'OK',
};

/** The level that a word stands for in any case (`WARN`, `err`, `I`); undefined when it stands for none. */
export function levelFromName(name: string): Level | undefined {
  const key = name.toLowerCase();
  return Object.hasOwn(SYNONYMS, key) ? SYNONYMS[key] : undefined;
}
