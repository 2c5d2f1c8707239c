import { LogferryError } from '../../foundation/logferry-error.ts';
import { didYouMean } from '../../foundation/nearest-name.ts';

/** Throws DESTINATION_NOT_FOUND, with what was probably meant: before anything is begun or counted. */
export function requireDestination(id: string, known: readonly { readonly id: string }[]): void {
  const ids = known.map((destination) => destination.id);
  if (ids.includes(id)) return;
  throw new LogferryError('DESTINATION_NOT_FOUND', `There is no destination "${id}".${didYouMean(id, ids)}`, {
    hint:
      ids.length === 0
        ? 'The configuration has no destinations.'
        : `Destinations that there are: ${ids.join(', ')}.`,
  });
}
