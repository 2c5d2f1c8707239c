import { styleText } from 'node:util';
import { CommanderError } from 'commander';
import { describeError, isAbort, LogferryError } from '../foundation/logferry-error.ts';
import type { CliContext } from './cli-context.ts';

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
    cli.stderr.write(
      `${JSON.stringify({ error: { code, message, ...(hint !== undefined && { hint }) } })}\n`,
    );
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
  if (error.hint !== undefined) cli.stderr.write(`${paint('cyan', 'next')}  ${error.hint}\n`);
  if (error.code === 'INTERNAL' || cli.options.verbose) cli.stderr.write(`${String(error.stack)}\n`);
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
