import { ERROR_CODES } from '../../src/foundation/error-codes.ts';
import { type GeneratedFile, page } from './generated-file.ts';
import { code, prose, table } from './markdown.ts';

export function errorsPage(): GeneratedFile {
  const rows = Object.entries(ERROR_CODES).map(([name, { exitCode, meaning }]) => [
    code(name),
    String(exitCode),
    prose(meaning),
  ]);
  return page(
    'errors.md',
    '# Errors',
    'Every error has a code that stays the same from release to release. Commands print it before the message, and below it, after `next`, what to do. With `--json` an error is one line of JSON on standard error: `{"error":{"code","message","hint"}}`; the HTTP API answers the same object. A command ends with the exit code of its error; [what the exit codes mean](command-line.md#exit-codes).',
    table(['code', 'exit code', 'meaning'], rows),
  );
}
