import type { AwsAccounts } from '../aws/aws-account.ts';
import type { ComponentContext } from '../contracts/component.ts';

/** What a source that asks AWS is given. */
export interface SourceContext extends ComponentContext {
  readonly accounts: AwsAccounts;
}
