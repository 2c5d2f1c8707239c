/**
 * A grammar follows the lines of one stream and says which of them belong to what was begun before.
 * Phases are plain texts, `language/phase`, because they are stored with the checkpoint.
 */
export interface Step {
  readonly phase: string;
  /**
   * The line may belong or not: it is joined when a later line is certain, and goes on by itself when none is.
   * For messages of several lines, whose frames come after.
   */
  readonly tentative?: boolean;
}

export interface Grammar {
  /** The first part of the phases that are this grammar's. */
  readonly language: string;
  /** The phase that the line opens; undefined when nothing can follow it. */
  start(line: string): string | undefined;
  /** undefined = the line does not belong to what is open. */
  next(phase: string, line: string): Step | undefined;
}

/**
 * Only so much of a line is looked at (UTF-16 units): what tells lines apart stands at their beginning, and it bounds
 * the time that any expression can take, whatever a log says.
 */
export const LOOKED_AT_LENGTH = 1024;

// oxlint-disable-next-line no-control-regex
const ANSI = /\u001b\[[0-9;:]*[A-Za-z]/g;

/** The part of a message that grammars see: bounded, without colours and the line's end. */
export function lineOf(message: string): string {
  let line = message.length > LOOKED_AT_LENGTH ? message.slice(0, LOOKED_AT_LENGTH) : message;
  if (line.includes('\u001b')) line = line.replaceAll(ANSI, '');
  let end = line.length;
  while (end > 0 && isLineEnd(line.charCodeAt(end - 1))) end--;
  return end === line.length ? line : line.slice(0, end);
}

function isLineEnd(unit: number): boolean {
  return unit === 10 || unit === 13;
}

export function isBlank(line: string): boolean {
  return line.trim() === '';
}

/** Begins with white space and says something. */
export function isIndented(line: string): boolean {
  const unit = line.charCodeAt(0);
  return (unit === 32 || unit === 9) && !isBlank(line);
}

const FRESH =
  /^\s{0,4}(?:[[(]?\d{2,4}[-/:.]\d{2}[-/:.]\d{2,4}|[[(]?(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\b|[EWIDF]\d{4} |[DIWEFA], \[|<\d{1,3}>|\{"|\[?(?:EMERG|ALERT|CRITICAL|CRIT|FATAL|SEVERE|ERROR|WARNING|WARN|NOTICE|INFO|DEBUG|TRACE)\b|(?:time|ts|t|level|lvl)=)/;

/** The line plainly begins an event of its own: a time, a level, a JSON object. */
export function isFresh(line: string): boolean {
  return FRESH.test(line);
}
