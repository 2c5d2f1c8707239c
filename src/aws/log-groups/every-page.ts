import { LogferryError } from '../../foundation/logferry-error.ts';
import type { Answered } from '../aws-account.ts';

/**
 * All pages of a listing. A token that comes twice would go round for ever: it throws AWS_BAD_REPLY instead. What is
 * asked is named for that error.
 */
export async function* everyPage<Output extends { nextToken?: string | undefined }>(
  action: string,
  ask: (nextToken: string | undefined) => Promise<Answered<Output>>,
): AsyncGenerator<Output, void> {
  const seen = new Set<string>();
  let token: string | undefined;
  for (;;) {
    const { output } = await ask(token);
    yield output;
    token = output.nextToken;
    if (token === undefined || token === null || token === '') return;
    if (seen.has(token))
      throw new LogferryError('AWS_BAD_REPLY', `${action} repeats its page token: it makes no progress.`);
    seen.add(token);
  }
}
