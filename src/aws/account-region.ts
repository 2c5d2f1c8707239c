import { LogferryError } from '../foundation/logferry-error.ts';
import type { AccountOptions } from './account-options.ts';
import type { SharedProfile } from './credentials/shared-profile.ts';

/** The Regions of an account, in the order of the AWS tools. Throws CONFIG_INVALID when nothing names one. */
export function accountRegions(
  id: string,
  options: AccountOptions,
  env: Readonly<Record<string, string | undefined>>,
  profile: SharedProfile,
): readonly string[] {
  if (options.regions !== undefined) return [...new Set(options.regions)];
  const region = env.AWS_REGION || env.AWS_DEFAULT_REGION || profile.region;
  if (region) return [region];
  throw new LogferryError('CONFIG_INVALID', `The account "${id}" names no Region.`, {
    hint: `Set accounts.${id}.regions (such as [cn-north-1]), the variable AWS_REGION, or region in the AWS profile.`,
  });
}
