import { withoutAnsi } from './ansi.ts';

export interface MessageSummary {
  /** What the message says. */
  readonly text: string;
  /** Of a JSON object, what else it tells; may be empty. */
  readonly rest: string;
  /** Further lines. */
  readonly more: number;
}

/** Keys under which loggers put what a line says, the usual ones first. */
const SAYS = ['msg', 'message', 'log', 'event', '@message'];
/** Shown beside the line already. */
const SHOWN_ELSEWHERE = new Set(['time', 'timestamp', '@timestamp', 'ts', 'level', 'severity', 'lvl']);

/** What a list shows of a message. */
export function summarizeMessage(message: string): MessageSummary {
  const said = fromJson(message);
  if (said !== undefined) return said;
  const end = message.indexOf('\n');
  if (end === -1) return { text: message, rest: '', more: 0 };
  const lines = message.trimEnd().split('\n');
  const first = Math.max(
    0,
    lines.findIndex((line) => withoutAnsi(line).trim() !== ''),
  );
  return { text: lines[first] ?? '', rest: '', more: lines.length - 1 - first };
}

/** A message that is JSON, set in lines; undefined when it is none. */
export function prettyJson(message: string): string | undefined {
  const value = parsed(message);
  return value === undefined ? undefined : JSON.stringify(value, undefined, 2);
}

function fromJson(message: string): MessageSummary | undefined {
  const value = parsed(message);
  if (value === undefined || Array.isArray(value)) return undefined;
  const entries = Object.entries(value);
  const says = SAYS.find((key) => typeof (value as Record<string, unknown>)[key] === 'string');
  if (says === undefined) return undefined;
  const text = String((value as Record<string, unknown>)[says]);
  const rest = entries
    .filter(([key]) => key !== says && !SHOWN_ELSEWHERE.has(key.toLowerCase()))
    .map(([key, one]) => `${key}=${typeof one === 'string' ? one : JSON.stringify(one)}`);
  const [first = '', ...others] = text.split('\n');
  return { text: first, rest: rest.join(' '), more: others.length };
}

function parsed(message: string): object | undefined {
  const text = message.trim();
  if (!/^[{[]/.test(text)) return undefined;
  try {
    return JSON.parse(text) as object;
  } catch {
    return undefined;
  }
}
