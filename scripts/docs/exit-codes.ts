import { ERROR_CODES } from '../../src/foundation/error-codes.ts';
import { code } from './markdown.ts';

const MEANINGS: Readonly<Record<number, string>> = {
  0: 'All went well.',
  1: 'A failure.',
  2: 'The command line or the configuration is wrong.',
  3: 'Not everything was delivered. What waits is kept, and goes on with the next run.',
  4: 'Credentials or permissions are missing.',
  5: 'A destination cannot be reached.',
  130: 'Interrupted by Ctrl-C or SIGTERM.',
};

/** Rows: exit code, meaning, the error codes that lead to it. Throws when an error code has an exit code without meaning. */
export function exitCodeRows(): readonly (readonly string[])[] {
  for (const [name, { exitCode }] of Object.entries(ERROR_CODES))
    if (MEANINGS[exitCode] === undefined)
      throw new Error(`${name} ends with ${exitCode}, which scripts/docs/exit-codes.ts does not explain.`);
  return Object.entries(MEANINGS).map(([exitCode, meaning]) => {
    const names = Object.entries(ERROR_CODES)
      .filter(([, entry]) => String(entry.exitCode) === exitCode)
      .map(([name]) => code(name));
    return [exitCode, meaning, names.join(', ')];
  });
}
