import { LogferryError } from '../foundation/logferry-error.ts';
import { didYouMean } from '../foundation/nearest-name.ts';

/** Throws USAGE, with what was probably meant, when there is no such source: before anything is begun or counted. */
export function requireSource(id: string, known: readonly { readonly id: string }[]): void {
  const ids = known.map((source) => source.id);
  if (ids.includes(id)) return;
  throw new LogferryError('USAGE', `There is no source "${id}".${didYouMean(id, ids)}`, {
    hint:
      ids.length === 0 ? 'The configuration has no sources.' : `Sources that there are: ${ids.join(', ')}.`,
  });
}
