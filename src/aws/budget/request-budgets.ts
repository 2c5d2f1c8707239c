import type { Metrics } from '../../contracts/metrics.ts';
import type { Clock } from '../../foundation/clock.ts';
import type { AccountOptions } from '../account-options.ts';
import { type BudgetStatus, RequestBudget } from '../request-budget.ts';
import { bucketLimits } from './bucket-limits.ts';
import { Places } from './places.ts';
import type { BudgetName } from './request-quotas.ts';

export interface BudgetOwner {
  /** Its name in the configuration. */
  readonly accountId: string;
  /** What AWS counts by, as far as it is known without asking: see quotaScope. */
  readonly scope: string;
  readonly options: AccountOptions;
}

export interface NamedBudgetStatus extends BudgetStatus {
  readonly account: string;
  readonly region: string;
  readonly api: BudgetName;
}

/** Pages of events that the process may hold, over all accounts and Regions: a page with its records takes some MB. */
const PAGES_AT_ONCE = 24;
const CARRIES_EVENTS: ReadonlySet<BudgetName> = new Set<BudgetName>(['FilterLogEvents', 'GetLogEvents']);

/**
 * All budgets of the process. Two configured accounts with the same scope share theirs, with the lower ceiling of
 * the two; the gauge then carries the name of the one that came first.
 */
export class RequestBudgets {
  readonly #clock: Clock;
  readonly #metrics: Metrics;
  readonly #pages = new Places(PAGES_AT_ONCE);
  readonly #budgets = new Map<string, { readonly budget: RequestBudget; readonly labels: Labels }>();
  /** Which owners a budget has heard of already, so that each tightens it once. */
  readonly #joined = new Set<string>();

  constructor(clock: Clock, metrics: Metrics) {
    this.#clock = clock;
    this.#metrics = metrics;
  }

  get(owner: BudgetOwner, region: string, name: BudgetName): RequestBudget {
    const key = `${owner.scope}\n${region}\n${name}`;
    const joined = `${key}\n${owner.accountId}`;
    const known = this.#budgets.get(key)?.budget;
    if (known !== undefined) {
      if (!this.#joined.has(joined)) known.tighten(bucketLimits(name, region, owner.options));
      this.#joined.add(joined);
      return known;
    }
    const labels = { account: owner.accountId, region, api: name };
    const budget = this.#make(bucketLimits(name, region, owner.options), labels);
    this.#budgets.set(key, { budget, labels });
    this.#joined.add(joined);
    return budget;
  }

  /** In the order in which they were first used. */
  status(): readonly NamedBudgetStatus[] {
    return [...this.#budgets.values()].map(({ budget, labels }) => ({ ...labels, ...budget.status() }));
  }

  close(): void {
    for (const { budget } of this.#budgets.values()) budget.close();
  }

  #make(limits: ReturnType<typeof bucketLimits>, labels: Labels): RequestBudget {
    const observer = {
      rate: (perSecond: number) =>
        this.#metrics.set('logferry_aws_budget_requests_per_second', labels, perSecond),
      waited: (priority: string, millis: number) =>
        this.#metrics.count('logferry_aws_budget_wait_seconds_total', { ...labels, priority }, millis / 1000),
    };
    const places = CARRIES_EVENTS.has(labels.api) ? this.#pages : undefined;
    return new RequestBudget(limits, this.#clock, observer, places);
  }
}

interface Labels {
  readonly account: string;
  readonly region: string;
  readonly api: BudgetName;
}

/**
 * Names the AWS account that requests are counted under, without asking AWS: the account in the role's ARN, else
 * the access key, else the profile, else the default chain. So two entries with the same key, or with roles of the
 * same account, share their budgets; a key and a role of one account do not, and learn of each other by throttling.
 */
export function quotaScope(options: AccountOptions, env: NodeJS.ProcessEnv): string {
  const endpoint = options.endpoints?.logs ?? options.endpoint ?? '';
  const roleAccount = options.role_arn?.split(':')[4];
  if (roleAccount !== undefined) return `${endpoint} account ${roleAccount}`;
  if (options.access_key_id !== undefined) return `${endpoint} key ${options.access_key_id}`;
  const profile = options.profile ?? env.AWS_PROFILE;
  if (profile !== undefined) return `${endpoint} profile ${profile}`;
  if (env.AWS_ACCESS_KEY_ID !== undefined) return `${endpoint} key ${env.AWS_ACCESS_KEY_ID}`;
  return `${endpoint} default chain`;
}
