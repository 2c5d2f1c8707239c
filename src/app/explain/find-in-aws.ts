import type { AwsAccounts } from '../../aws/aws-account.ts';
import { describeError } from '../../foundation/logferry-error.ts';

/** Where a log group is that no source reads: `us-east-1 of account prod`; undefined when nowhere. */
export async function findInAws(
  name: string,
  accounts: AwsAccounts,
  accountIds: readonly string[],
  notes: string[],
  signal: AbortSignal,
): Promise<string | undefined> {
  for (const id of accountIds.length === 0 ? [undefined] : accountIds) {
    const account = accounts.get(id);
    for (const region of account.regions) {
      try {
        const input = { logGroupNamePrefix: name, limit: 50 };
        const { output } = await account.logs(region).describeLogGroups(input, { signal });
        const found = output.logGroups?.some(({ logGroupName }) => logGroupName === name) === true;
        if (found) return `${region} of account ${account.id}`;
      } catch (thrown) {
        signal.throwIfAborted();
        notes.push(`Log groups of ${region} could not be listed: ${describeError(thrown)}`);
      }
    }
  }
  return undefined;
}
