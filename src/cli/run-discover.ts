import { existsSync } from 'node:fs';
import { accountOptions } from '../aws/account-options.ts';
import type { AwsAccount, AwsAccounts } from '../aws/aws-account.ts';
import { createAwsAccounts } from '../aws/create-aws-accounts.ts';
import { discoverEcs } from '../aws/ecs-graph/ecs-graph.ts';
import { selectEverything } from '../aws/ecs-graph/ecs-selection.ts';
import type { EcsRegion, EcsTree } from '../aws/ecs-graph/ecs-tree.ts';
import { ECS_DISCOVERY_ACTIONS, iamPolicy } from '../aws/iam-policy.ts';
import { LogferryError } from '../foundation/logferry-error.ts';
import type { CliContext } from './cli-context.ts';
import { COMMAND_LOG, commandDeps, loadCommandConfig } from './command-deps.ts';
import { renderTable, renderTree, renderYaml } from './output/ecs-tree-text.ts';
import { painter } from './output/paint.ts';
import { regionArgument } from './region-argument.ts';

export interface DiscoverOptions {
  readonly account?: string;
  readonly profile?: string;
  readonly region?: readonly string[];
  readonly output: 'tree' | 'table' | 'json' | 'yaml';
}

export interface DiscoveredAccount {
  readonly account: string;
  readonly tree: EcsTree;
}

/** `logferry discover`: the ECS tree of each account. */
export async function runDiscover(cli: CliContext, options: DiscoverOptions): Promise<void> {
  const { accounts, names } = await openAccounts(cli, {
    ...options,
    ...(options.region && { region: options.region.map(regionArgument) }),
  });
  try {
    const found: DiscoveredAccount[] = [];
    for (const name of names) {
      const account = accounts.get(name);
      found.push({ account: account.id, tree: await discoverOne(cli, account, options.region) });
    }
    const form = cli.options.json ? 'json' : options.output;
    const paint = painter(cli);
    if (form === 'json') cli.stdout.write(`${JSON.stringify(found, null, 2)}\n`);
    else if (form === 'yaml') cli.stdout.write(renderYaml(found));
    else if (form === 'table') cli.stdout.write(renderTable(found, paint));
    else cli.stdout.write(renderTree(found, paint));
    tellFailures(cli, found);
  } finally {
    await accounts.close();
  }
}

async function openAccounts(
  cli: CliContext,
  { account, profile, region }: DiscoverOptions,
): Promise<{ accounts: AwsAccounts; names: readonly (string | undefined)[] }> {
  const deps = { ...commandDeps(cli, COMMAND_LOG), env: { ...cli.env } };
  const isAdHoc = profile !== undefined || (account === undefined && !existsSync(cli.options.config));
  if (isAdHoc) {
    const given = accountOptions.parse({
      ...(profile && { profile }),
      ...(region && { regions: [...region] }),
    });
    return { accounts: createAwsAccounts({ [profile ?? 'default']: given }, deps), names: [undefined] };
  }
  const config = await loadCommandConfig(cli);
  const names = account === undefined ? Object.keys(config.accounts) : [account];
  return {
    accounts: createAwsAccounts(config.accounts, deps),
    names: names.length === 0 ? [undefined] : names,
  };
}

async function discoverOne(
  cli: CliContext,
  account: AwsAccount,
  regions: readonly string[] | undefined,
): Promise<EcsTree> {
  return await discoverEcs(account, selectEverything, cli.signal, regions ?? account.regions);
}

/** What could not be read is said; when nothing at all could, it is the command's failure. */
function tellFailures(cli: CliContext, found: readonly DiscoveredAccount[]): void {
  const regions = found.flatMap(({ account, tree }) => tree.regions.map((region) => ({ account, region })));
  for (const { account, region } of regions) {
    if (region.deniedActions.length > 0)
      cli.stderr.write(
        `warning ${account} ${region.region}: may not call ${region.deniedActions.join(', ')}\n`,
      );
  }
  const failed = regions.filter(({ region }) => region.failure !== undefined);
  for (const { account, region } of failed)
    cli.stderr.write(`warning ${account} ${region.region}: ${region.failure?.message ?? ''}\n`);
  const [first] = failed;
  if (first?.region.failure !== undefined && failed.length === regions.length) throw first.region.failure;
  if (regions.length > 0 && regions.every(({ region }) => isAllDenied(region))) {
    const policy = iamPolicy({ actions: ECS_DISCOVERY_ACTIONS, region: regions[0]?.region.region ?? '' });
    throw new LogferryError('AWS_DENIED', 'Nothing of ECS may be read with these credentials.', {
      hint: `Sources of type cloudwatch_logs work without. The least policy for all that is read of ECS:\n${policy}`,
    });
  }
}

const isAllDenied = (region: EcsRegion) => region.clusters.length === 0 && region.deniedActions.length > 0;
