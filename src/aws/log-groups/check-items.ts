import type { CheckItem } from '../../contracts/check-report.ts';
import { ERROR_CODES } from '../../foundation/error-codes.ts';
import { describeError, LogferryError } from '../../foundation/logferry-error.ts';
import type { AwsAccount } from '../aws-account.ts';
import type { LogGroup } from './log-group.ts';
import { filterTarget, type StreamFilter } from './log-group-partition.ts';

export type FailedItem = Extract<CheckItem, { status: 'failed' }>;

/** Says of anything that was thrown what it was and what to do; rethrows when it was the signal. */
export function failedItem(title: string, thrown: unknown, signal: AbortSignal): FailedItem {
  signal.throwIfAborted();
  const code = thrown instanceof LogferryError ? thrown.code : 'INTERNAL';
  const hint = thrown instanceof LogferryError ? thrown.hint : undefined;
  return {
    status: 'failed',
    title,
    code,
    detail: describeError(thrown),
    fix: hint ?? FIXES[code] ?? ERROR_CODES[code].meaning,
  };
}

/** Where the error itself gives no hint. */
const FIXES: Partial<Record<keyof typeof ERROR_CODES, string>> = {
  AWS_DENIED: 'Allow the action that the message names to this identity.',
  AWS_NOT_FOUND: 'Compare name, account and Region with those in the AWS console.',
  AWS_THROTTLED: 'Wait a moment: other programs use the same quota of the account.',
  AWS_UNREACHABLE: 'Look at DNS, proxy, firewall and AWS_ENDPOINT_URL of this machine.',
  AWS_UNAVAILABLE: 'Try again in a minute.',
};

export async function checkIdentity(account: AwsAccount, signal: AbortSignal): Promise<CheckItem> {
  const title = `Identity of account ${account.id}`;
  try {
    const { arn } = await account.identity({ signal });
    return { status: 'ok', title, detail: arn };
  } catch (thrown) {
    return failedItem(title, thrown, signal);
  }
}

const LOOK_BACK_MILLIS = 3_600_000;

/** One event at most is asked for: whether there is one does not matter. */
export async function checkReadable(
  account: AwsAccount,
  group: LogGroup,
  filter: StreamFilter,
  nowMillis: number,
  signal: AbortSignal,
): Promise<CheckItem> {
  const title = `Read ${group.name} (${group.region})`;
  try {
    await account.logs(group.region).filterLogEvents(
      {
        ...filterTarget(group, filter),
        startTime: nowMillis - LOOK_BACK_MILLIS,
        endTime: nowMillis,
        limit: 1,
      },
      { signal },
    );
    return { status: 'ok', title };
  } catch (thrown) {
    return failedItem(title, thrown, signal);
  }
}

const CHECKED_GROUPS = 50;

/** Each group in turn; of very many only the first ones, and the last item says so. */
export async function checkAllReadable(
  account: AwsAccount,
  groups: readonly LogGroup[],
  filter: StreamFilter,
  nowMillis: number,
  signal: AbortSignal,
): Promise<readonly CheckItem[]> {
  const items: CheckItem[] = [];
  for (const group of groups.slice(0, CHECKED_GROUPS))
    items.push(await checkReadable(account, group, filter, nowMillis, signal));
  const rest = groups.length - CHECKED_GROUPS;
  if (rest > 0)
    items.push({
      status: 'ok',
      title: `${rest} more log groups`,
      detail: 'Found, but reading was not tried.',
    });
  return items;
}
