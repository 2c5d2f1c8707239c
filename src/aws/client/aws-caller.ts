import type { Metrics } from '../../contracts/metrics.ts';
import type { ReadPriority } from '../../contracts/pull-source.ts';
import { backOffMillis } from '../../foundation/back-off.ts';
import type { Clock } from '../../foundation/clock.ts';
import type { Random } from '../../foundation/random.ts';
import type { Answered } from '../aws-account.ts';
import { type AwsApi, BUDGET_OF_API, type BudgetName } from '../budget/request-quotas.ts';
import { classifyAwsError } from '../classify-aws-error.ts';
import type { RenewingCredentials } from '../credentials/renewing-credentials.ts';
import type { RequestBudget } from '../request-budget.ts';
import { BadReplyError } from './bad-reply-error.ts';
import type { AwsErrorCode } from './error-kind.ts';
import { checkListReply } from './list-reply.ts';
import { decideRetry, type Tried } from './retry-decision.ts';
import { parseDate, thrownFacts } from './thrown-facts.ts';

export interface AwsCallerContext {
  /** The account's name in the configuration. */
  readonly account: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly metrics: Metrics;
  readonly credentials: RenewingCredentials;
  /** How the account comes to its keys, for messages. */
  readonly credentialsText: string;
  readonly attemptMillis: number;
  budget(region: string, name: BudgetName): RequestBudget;
}

export interface AwsCallRequest<Output> {
  readonly api: AwsApi;
  /** As IAM names it: `logs:FilterLogEvents`. */
  readonly action: string;
  readonly region: string;
  readonly endpoint: string | undefined;
  /** What is asked for (a log group, a cluster), for messages and for fairness within the budget. */
  readonly resource: string | undefined;
  readonly priority: ReadPriority;
  readonly keepPlace: boolean;
  readonly signal: AbortSignal;
  readonly send: (signal: AbortSignal) => Promise<Output>;
}

/** What a middleware of the clients puts there: the Date header of the reply. */
export interface DatedMetadata {
  readonly $metadata?: { readonly date?: unknown };
}

/**
 * Sends a request when the budget allows it, and again when the failure is worth it. Throws LogferryError with an
 * AWS_* code, or the signal's reason when aborted.
 */
export async function callAws<Output extends object>(
  context: AwsCallerContext,
  request: AwsCallRequest<Output>,
): Promise<Answered<Output>> {
  const { clock, random, metrics, account } = context;
  const { api, region, signal } = request;
  const budget = context.budget(region, BUDGET_OF_API[api]);
  const count = (outcome: string) =>
    metrics.count('logferry_aws_requests_total', { account, region, api, outcome });
  let tried: Tried = { attempts: 0, renewed: false, clockCorrected: false };
  for (;;) {
    const group = request.resource ?? '';
    const permit = await budget.acquire({ priority: request.priority, group, signal });
    const keys = await provideKeys(context, request).catch((thrown: unknown) => {
      permit.release();
      throw thrown;
    });
    try {
      const output = await attempt(context, request);
      budget.succeeded(permit);
      count('ok');
      if (!request.keepPlace) permit.release();
      return { output, serverMillis: serverMillisOf(output) ?? clock.now(), release: permit.release };
    } catch (thrown) {
      permit.release();
      signal.throwIfAborted();
      const { clockCorrected } = tried;
      const error = classifyAwsError(thrown, { ...callOf(context, request), clockCorrected });
      const code = error.code as AwsErrorCode;
      count(code === 'AWS_THROTTLED' ? 'throttled' : code);
      if (code === 'AWS_THROTTLED') {
        metrics.count('logferry_aws_throttles_total', { account, region, api });
        budget.throttled(permit);
      } else if (code === 'AWS_UNREACHABLE') budget.unanswered();
      tried = { ...tried, attempts: tried.attempts + 1 };
      const decision = decideRetry(code, tried);
      if (decision.retry === 'never') throw error;
      if (decision.retry === 'corrected') tried = { ...tried, clockCorrected: true };
      if (decision.retry === 'renewed') {
        tried = { ...tried, renewed: true };
        const isOther = await context.credentials.replace(keys).catch(() => false);
        if (!isOther) throw error;
      }
      if (decision.retry === 'later') {
        const asked = thrownFacts(thrown).retryAfterMillis;
        await clock.sleep(backOffMillis(tried.attempts, decision.backOff, random, asked), signal);
      }
    }
  }
}

async function provideKeys<Output>(context: AwsCallerContext, request: AwsCallRequest<Output>) {
  try {
    return await context.credentials.provide();
  } catch (thrown) {
    const call = callOf(context, request);
    const role = roleRefused(thrown, context.credentialsText);
    throw classifyAwsError(thrown, role === undefined ? call : { ...call, ...role });
  }
}

/** Keys that STS did not give: the call that was denied is its, not the one that needed them. */
function roleRefused(
  thrown: unknown,
  credentialsText: string,
): { readonly action: string; readonly resource: string; readonly credentials: string } | undefined {
  const { name, message } = thrownFacts(thrown);
  if (!name.startsWith('AccessDenied')) return undefined;
  const resource = /arn:[^\s:]+:iam::\d{12}:role\/[\w+=,.@/-]+/.exec(`${credentialsText} ${message}`)?.[0];
  if (resource === undefined) return undefined;
  return { action: 'sts:AssumeRole', resource, credentials: 'the identity that assumes it' };
}

async function attempt<Output extends object>(
  { attemptMillis }: AwsCallerContext,
  { signal, send }: AwsCallRequest<Output>,
): Promise<Output> {
  const both = AbortSignal.any([signal, AbortSignal.timeout(attemptMillis)]);
  const output: unknown = await send(both);
  if (typeof output !== 'object' || output === null) throw new BadReplyError('The reply is empty.');
  checkListReply(output);
  return output as Output;
}

function callOf<Output>(
  context: AwsCallerContext,
  { action, region, resource, endpoint }: AwsCallRequest<Output>,
) {
  return {
    action,
    region,
    resource,
    endpoint,
    account: context.account,
    credentials: context.credentialsText,
    nowMillis: context.clock.now(),
  };
}

function serverMillisOf(output: object): number | undefined {
  return parseDate((output as DatedMetadata).$metadata?.date);
}
