import { accountOptions } from '../../aws/account-options.ts';
import type { AwsAccount } from '../../aws/aws-account.ts';
import { createAwsAccounts } from '../../aws/create-aws-accounts.ts';
import { lastPart } from '../../aws/ecs-graph/ecs-selection.ts';
import { checkIdentity, failedItem } from '../../aws/log-groups/check-items.ts';
import type { CheckItem, CheckReport } from '../../contracts/check-report.ts';
import { describeError } from '../../foundation/logferry-error.ts';
import { didYouMean } from '../../foundation/nearest-name.ts';
import { datakit } from '../../sinks/datakit/definition.ts';
import type { CliContext } from '../cli-context.ts';
import { COMMAND_LOG, commandDeps } from '../command-deps.ts';
import type { InitAnswers } from './init-answers.ts';

/** For somebody who waits at a terminal. */
const TRY_MILLIS = 15_000;

export interface TriedAws {
  readonly report: CheckReport;
  /** Names, as far as they may be listed. */
  readonly clusters: readonly string[];
}

/** Who one is with these answers, and what clusters there are. Changes nothing; never throws but when interrupted. */
export async function tryAws(
  cli: CliContext,
  { region, profile, cluster }: Pick<InitAnswers, 'region' | 'profile' | 'cluster'>,
): Promise<TriedAws> {
  const deps = { ...commandDeps(cli, COMMAND_LOG), env: { ...cli.env } };
  const options = accountOptions.parse({
    ...(region !== undefined && { regions: [region] }),
    ...(profile !== undefined && { profile }),
  });
  const accounts = createAwsAccounts({ main: options }, deps);
  try {
    const timeout = AbortSignal.timeout(TRY_MILLIS);
    const account = accounts.get('main');
    return await inTime('AWS', 'AWS_UNREACHABLE', timeout, cli, async (signal) => {
      const identity = await checkIdentity(account, signal);
      if (identity.status === 'failed') return { report: [identity], clusters: [] };
      const { item, clusters } = await listClusters(account, cluster, signal);
      return { report: [identity, item], clusters };
    });
  } catch (thrown) {
    return { report: [failedItem('AWS', thrown, cli.signal)], clusters: [] };
  } finally {
    await accounts.close();
  }
}

export async function tryDatakit(cli: CliContext, url: string): Promise<CheckReport> {
  const { clock, random, logger, metrics } = commandDeps(cli, COMMAND_LOG);
  const context = { id: 'datakit', clock, random, logger, metrics, dataDir: '.' };
  const sink = datakit.create(datakit.options.parse({ url }), context);
  try {
    const timeout = AbortSignal.timeout(TRY_MILLIS);
    const tried = await inTime('DataKit', 'DESTINATION_UNREACHABLE', timeout, cli, async (signal) => ({
      report: await sink.check(signal),
      clusters: [],
    }));
    return tried.report;
  } finally {
    await sink.close();
  }
}

async function listClusters(
  account: AwsAccount,
  wanted: string | undefined,
  signal: AbortSignal,
): Promise<{ item: CheckItem; clusters: readonly string[] }> {
  const [region = ''] = account.regions;
  const title = `ECS clusters of ${region}`;
  try {
    const { output } = await account.ecs(region).listClusters({ maxResults: 100 }, { signal });
    const clusters = (output.clusterArns ?? []).map(lastPart);
    return { item: judgeClusters(title, wanted, clusters, region), clusters };
  } catch (thrown) {
    const failed = failedItem(title, thrown, signal);
    // It works with less: sources of type cloudwatch_logs need nothing of ECS.
    const item = failed.code === 'AWS_DENIED' ? ({ ...failed, status: 'warning' } as const) : failed;
    return { item, clusters: [] };
  }
}

function judgeClusters(
  title: string,
  wanted: string | undefined,
  clusters: readonly string[],
  region: string,
): CheckItem {
  if (wanted !== undefined && !wanted.includes('*') && !clusters.includes(wanted)) {
    const detail = `There is no cluster ${wanted} in ${region}.${didYouMean(wanted, clusters)}`;
    const fix = `Clusters that there are: ${clusters.join(', ') || 'none'}.`;
    return { status: 'failed', title, code: 'AWS_NOT_FOUND', detail, fix };
  }
  if (clusters.length > 0) return { status: 'ok', title, detail: clusters.join(', ') };
  const fix = 'Is it the right Region? A cluster is read as soon as it is made.';
  return { status: 'warning', title, detail: 'There is none.', fix };
}

async function inTime(
  title: string,
  code: 'AWS_UNREACHABLE' | 'DESTINATION_UNREACHABLE',
  timeout: AbortSignal,
  cli: CliContext,
  work: (signal: AbortSignal) => Promise<TriedAws>,
): Promise<TriedAws> {
  try {
    return await work(AbortSignal.any([cli.signal, timeout]));
  } catch (thrown) {
    cli.signal.throwIfAborted();
    if (!timeout.aborted) throw thrown;
    const detail = `no answer within ${TRY_MILLIS / 1000} s (${describeError(thrown)})`;
    const fix = 'Look at the network between this machine and the address.';
    return { report: [{ status: 'failed', title, code, detail, fix }], clusters: [] };
  }
}
