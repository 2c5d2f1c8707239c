import { styleText } from 'node:util';
import { pino } from 'pino';
import type { Logger } from '../foundation/logger.ts';

export interface LogSettings {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly format: 'auto' | 'json' | 'pretty';
}

/** Where lines go: standard error, which a terminal may or may not be behind. */
export interface LogOutput {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** Logferry's own log: JSON lines for machines, one readable line each for people. */
export function createLogger(settings: LogSettings, output: LogOutput, color: boolean): Logger {
  const isPretty = settings.format === 'pretty' || (settings.format === 'auto' && output.isTTY === true);
  const write = isPretty
    ? (line: string) => output.write(prettyLine(line, color))
    : (line: string) => output.write(line);
  return pino({ level: settings.level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, { write });
}

const NAMES: Readonly<Record<number, string>> = { 20: 'debug', 30: 'info ', 40: 'warn ', 50: 'error' };
const STYLES = { 20: 'dim', 30: 'green', 40: 'yellow', 50: 'red' } as const;

/** `12:00:01 warn  The log group could not be read. code=AWS_DENIED next="…"` */
function prettyLine(line: string, color: boolean): string {
  const { level, time, msg, ...rest } = JSON.parse(line) as {
    readonly level: keyof typeof STYLES;
    readonly time: string;
    readonly msg: string;
  } & Record<string, unknown>;
  const paint = (style: Parameters<typeof styleText>[0], text: string) =>
    color ? styleText(style, text, { validateStream: false }) : text;
  const details = Object.entries(rest).map(([key, value]) => `${paint('dim', `${key}=`)}${printed(value)}`);
  const clockTime = new Date(time).toTimeString().slice(0, 8);
  const name = paint(STYLES[level] ?? 'dim', NAMES[level] ?? String(level));
  return `${[paint('dim', clockTime), name, printable(msg), ...details].join(' ')}\n`;
}

function printed(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return /^[\w./:@-]+$/.test(text) ? text : JSON.stringify(printable(text));
}

/** What others wrote (names of groups, replies of servers) must not drive the terminal. */
function printable(text: string): string {
  return text.replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '\ufffd');
}
