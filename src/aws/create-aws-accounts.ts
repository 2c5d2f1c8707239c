import { LogferryError } from '../foundation/logferry-error.ts';
import { type AccountOptions, defaultAccountOptions } from './account-options.ts';
import type { AwsAccount, AwsAccounts } from './aws-account.ts';
import type { AwsAccountsContext } from './aws-accounts-context.ts';
import { RequestBudgets } from './budget/request-budgets.ts';
import { ConfiguredAccount } from './configured-account.ts';

/** The id of the account that is there without configuration. */
export const DEFAULT_ACCOUNT = 'default';

/** All accounts of the configuration; each is made when it is first asked for. */
export function createAwsAccounts(
  configs: Readonly<Record<string, AccountOptions>>,
  context: AwsAccountsContext,
): AwsAccounts {
  const budgets = new RequestBudgets(context.clock, context.metrics);
  const made = new Map<string, AwsAccount>();
  const names = Object.keys(configs);
  const make = (id: string, options: AccountOptions) => {
    const account = made.get(id) ?? new ConfiguredAccount(id, options, budgets, context);
    made.set(id, account);
    return account;
  };
  return {
    get: (name) => {
      const id = name ?? (names.length === 1 ? names[0] : undefined) ?? DEFAULT_ACCOUNT;
      const options = configs[id] ?? (name === undefined ? defaultAccountOptions : undefined);
      if (options !== undefined) return make(id, options);
      throw new LogferryError('CONFIG_INVALID', `There is no account "${id}".`, {
        hint: `Accounts that there are: ${names.join(', ') || 'none'}. Add it under \`accounts\`.`,
      });
    },
    budgets: () => budgets.status(),
    close: async () => {
      budgets.close();
      await Promise.all([...made.values()].map((account) => account.close()));
    },
  };
}
