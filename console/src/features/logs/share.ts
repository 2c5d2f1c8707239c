import type { LogFilterValues } from '../../api-client/logs.ts';

/** The same search in a terminal, safe to paste into a POSIX shell. */
export function cliCommand({ q, from, to }: LogFilterValues): string {
  const iso = (millis: number) => new Date(millis).toISOString();
  return `logferry search --since ${iso(from)} --until ${iso(to)} -- ${quoted(q)}`;
}

/** Single quotes take everything as it is; one inside ends them, stands alone, and begins them again. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
