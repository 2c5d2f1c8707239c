import type { RegionValue } from '../../aws/log-groups/each-region.ts';
import type { ResolvedLogGroups } from '../../aws/log-groups/log-group-resolver.ts';
import type { NamePattern } from '../../aws/log-groups/name-pattern.ts';
import type { Discovery } from '../../contracts/pull-source.ts';

export interface UnmatchedNotices {
  readonly missing: Discovery['missing'];
  readonly warnings: Discovery['warnings'];
}

/**
 * A name is missing only when no Region has it: with several Regions, most groups are in one of them alone. `suggest`
 * answers what it was probably meant to be, as a sentence or nothing.
 */
export async function unmatchedNotices(
  names: readonly NamePattern[],
  values: readonly RegionValue<ResolvedLogGroups>[],
  suggest: (name: string) => Promise<string>,
): Promise<UnmatchedNotices> {
  const regions = values.map(({ region }) => region).join(', ');
  const nowhere = names.filter(
    (name) => values.length > 0 && values.every(({ value }) => value.unmatched.includes(name)),
  );
  const named = nowhere.filter(({ kind }) => kind === 'exact');
  return {
    missing: await Promise.all(
      named.map(async ({ text }) => ({
        title: text,
        reason: `There is no log group ${text} in ${regions}.${await suggest(text)}`,
        fix: 'Compare name, account and Region with the AWS console. It is read as soon as it is made.',
      })),
    ),
    warnings: nowhere
      .filter(({ kind }) => kind !== 'exact')
      .map(({ text }) => ({
        title: text,
        detail: `No log group in ${regions} matches this pattern yet.`,
        fix: 'Compare it with the names in the AWS console; * stands for any text.',
      })),
  };
}
