import { regionName } from '../aws/account-options.ts';
import { KNOWN_REGIONS } from '../aws/known-regions.ts';
import { LogferryError } from '../foundation/logferry-error.ts';
import { didYouMean } from '../foundation/nearest-name.ts';

/** Throws USAGE for what is no name of a Region; whether it exists is seen when it is asked. */
export function regionArgument(text: string): string {
  if (regionName.safeParse(text).success) return text;
  throw new LogferryError('USAGE', `"${text}" is no Region.${didYouMean(text, KNOWN_REGIONS)}`, {
    hint: 'A Region looks like cn-north-1 or us-east-1.',
  });
}
