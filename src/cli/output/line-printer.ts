import { hashText } from '../../foundation/hash.ts';
import type { Level } from '../../record/level.ts';
import type { LogRecord } from '../../record/log-record.ts';
import { ndjsonLine } from '../../sink-kit/ndjson.ts';
import type { CliContext } from '../cli-context.ts';
import { formatClockTime } from './format-time.ts';
import { painter, type Style, safeText } from './paint.ts';

const TASK_STYLES: readonly Style[] = [
  'cyan',
  'magenta',
  'blue',
  'green',
  'yellow',
  'cyanBright',
  'magentaBright',
  'blueBright',
];
/** What stands in the column, six wide, and its colour. */
const LEVEL_LABELS: Readonly<Record<Level, readonly [string, Style?]>> = {
  emerg: ['EMERG', ['red', 'bold']],
  alert: ['ALERT', ['red', 'bold']],
  critical: ['CRIT', ['red', 'bold']],
  error: ['ERROR', 'red'],
  warning: ['WARN', 'yellow'],
  notice: ['NOTICE'],
  info: ['INFO'],
  debug: ['DEBUG', 'dim'],
  OK: ['OK'],
};
const LEVEL_WIDTH = 6;
const NAME_WIDTH = 20;

/** Prints records, waiting where the other end is slow. A colour for each task, one for each level. */
export function linePrinter(
  cli: CliContext,
  form: 'pretty' | 'raw' | 'json',
): (record: LogRecord) => Promise<void> {
  const format =
    cli.options.json || form === 'json' ? ndjsonLine : form === 'raw' ? rawLine : prettyLine(cli);
  return async (record) => {
    if (cli.stdout.write(format(record))) return;
    await new Promise<void>((resolve) => {
      cli.stdout.once('drain', resolve);
    });
  };
}

function rawLine({ message }: LogRecord): string {
  return message.endsWith('\n') ? message : `${message}\n`;
}

/** `13:10:02.123 ERROR  checkout-api/1a2b3c  message`; further lines of a message stand below the first. */
function prettyLine(cli: CliContext): (record: LogRecord) => string {
  const paint = painter(cli);
  return ({ timestampMillis, level, message, origin }) => {
    const { tags } = origin;
    const task = tags['task_id'] ?? tags['log_stream'] ?? '';
    const name = `${tags['service'] ?? tags['container_name'] ?? tags['log_group'] ?? origin.source}/${task.slice(-6)}`;
    const style = TASK_STYLES[Number.parseInt(hashText(task).slice(0, 4), 16) % TASK_STYLES.length] ?? 'cyan';
    const [word, levelStyle] = level === undefined ? [''] : LEVEL_LABELS[level];
    const label = word.padEnd(LEVEL_WIDTH);
    const text = safeText(message)
      .trimEnd()
      .replaceAll('\n', `\n${' '.repeat(8)}`);
    return [
      paint('dim', formatClockTime(timestampMillis, cli.options.utc)),
      levelStyle === undefined ? label : paint(levelStyle, label),
      paint(style, safeText(name).padEnd(NAME_WIDTH)),
      `${levelStyle === undefined ? text : paint(levelStyle, text)}\n`,
    ].join(' ');
  };
}
