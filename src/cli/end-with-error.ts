import { styleText } from 'node:util';
import { CommanderError } from 'commander';
import { QueryError } from '../contracts/log-query.ts';
import { describeError, isAbort, LogferryError } from '../foundation/logferry-error.ts';
import type { CliContext } from './cli-context.ts';
import { safeText } from './output/paint.ts';
import { width } from './output/table.ts';

/** Says what went wrong and what to do next, and sets the exit code. */
export function endWithError(thrown: unknown, cli: CliContext): void {
  // commander has said what it had to say already.
  if (thrown instanceof CommanderError) {
    process.exitCode = thrown.exitCode === 0 ? 0 : 2;
    return;
  }
  const error = asLogferryError(thrown, cli);
  process.exitCode = error.exitCode;
  if (cli.options.json) {
    const { code, message, hint } = error;
    const place = error instanceof QueryError ? error.problem : {};
    const told = { code, message, ...(hint !== undefined && { hint }), ...place };
    cli.stderr.write(`${JSON.stringify({ error: told })}\n`);
    return;
  }
  if (error.code === 'INTERRUPTED' && cli.signal.aborted) {
    cli.stderr.write('Interrupted. Nothing was lost: the next run goes on from here.\n');
    return;
  }
  const paint = (style: Parameters<typeof styleText>[0], text: string) =>
    cli.options.color ? styleText(style, text, { validateStream: false }) : text;
  cli.stderr.write(
    `${paint(['red', 'bold'], 'error')} ${paint('dim', error.code)} ${describeLines(error)}\n`,
  );
  if (error instanceof QueryError) cli.stderr.write(markedQuery(error));
  if (error.hint !== undefined) cli.stderr.write(`${paint('cyan', 'next')}  ${error.hint}\n`);
  if (error.code === 'INTERNAL' || cli.options.verbose) cli.stderr.write(`${String(error.stack)}\n`);
}

/** The query, and below it a mark under what is wrong. */
function markedQuery({ text, problem }: QueryError): string {
  if (text === undefined) return '';
  // One line, on which a place of the text is a place of the terminal.
  const shown = safeText(text).replaceAll(/\s/g, ' ');
  const from = problem.column - 1;
  const before = ' '.repeat(width(shown.slice(0, from)));
  const mark = '^'.repeat(Math.max(1, width(shown.slice(from, from + problem.length))));
  return `  ${shown}\n  ${before}${mark}\n`;
}

/** Several problems of a configuration keep their lines. */
function describeLines(error: LogferryError): string {
  return error.message.includes('\n') ? `\n${error.message}` : describeError(error);
}

function asLogferryError(thrown: unknown, cli: CliContext): LogferryError {
  if (thrown instanceof LogferryError) return thrown;
  if (isAbort(thrown) || cli.signal.aborted) return new LogferryError('INTERRUPTED', 'Interrupted.');
  return new LogferryError('INTERNAL', describeError(thrown), {
    hint: 'This is a defect of Logferry. Please report it with the lines below.',
    cause: thrown,
  });
}
