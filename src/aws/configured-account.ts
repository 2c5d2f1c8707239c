import {
  type CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  FilterLogEventsCommand,
  GetLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import {
  DescribeClustersCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  type ECSClient,
  ListClustersCommand,
  ListServicesCommand,
  ListTasksCommand,
} from '@aws-sdk/client-ecs';
import { GetCallerIdentityCommand, type GetCallerIdentityCommandOutput } from '@aws-sdk/client-sts';
import type { NodeHttpHandler } from '@smithy/node-http-handler';
import type { AccountOptions } from './account-options.ts';
import { accountRegions } from './account-region.ts';
import type { Answered, AwsAccount, AwsIdentity, CallOptions, EcsApi, LogsApi } from './aws-account.ts';
import type { AwsAccountsContext } from './aws-accounts-context.ts';
import { quotaScope, type RequestBudgets } from './budget/request-budgets.ts';
import type { AwsApi } from './budget/request-quotas.ts';
import { type AwsCallerContext, callAws } from './client/aws-caller.ts';
import { BadReplyError } from './client/bad-reply-error.ts';
import { connectionHandler, DEFAULT_TIMEOUTS } from './client/connection.ts';
import { ecsClient, logsClient, stsClient } from './client/service-clients.ts';
import { describeCredentials, findCredentials } from './credentials/find-credentials.ts';
import { RenewingCredentials } from './credentials/renewing-credentials.ts';
import { type AwsService, endpointOverride } from './credentials/service-endpoints.ts';
import { readSharedProfile, type SharedProfile, sharedFiles } from './credentials/shared-profile.ts';

/** An account of the configuration on the AWS SDK. Clients are made by Region, when first asked for. */
export class ConfiguredAccount implements AwsAccount {
  readonly id: string;
  readonly regions: readonly string[];
  readonly #options: AccountOptions;
  readonly #env: NodeJS.ProcessEnv;
  readonly #profile: SharedProfile;
  readonly #handler: NodeHttpHandler;
  readonly #caller: AwsCallerContext;
  readonly #logs = new Map<string, LogsApi>();
  readonly #ecs = new Map<string, EcsApi>();
  readonly #clients: { destroy(): void }[] = [];
  #identity: Promise<AwsIdentity> | undefined;

  constructor(id: string, options: AccountOptions, budgets: RequestBudgets, context: AwsAccountsContext) {
    const { clock, random, logger, metrics, env = process.env, timeouts = DEFAULT_TIMEOUTS } = context;
    const files = sharedFiles(env);
    this.id = id;
    this.#options = options;
    this.#env = env;
    this.#profile = readSharedProfile(options.profile ?? env.AWS_PROFILE ?? 'default', files);
    this.regions = accountRegions(id, options, env, this.#profile);
    this.#handler = connectionHandler(timeouts, env, logger);
    const region = this.#homeRegion();
    const begin = () =>
      findCredentials(options, {
        env,
        files,
        region,
        stsEndpoint: this.#endpoint('sts'),
        requestHandler: this.#handler,
      });
    const owner = { accountId: id, scope: quotaScope(options, env), options };
    this.#caller = {
      account: id,
      clock,
      random,
      metrics,
      credentials: new RenewingCredentials(begin, clock),
      credentialsText: describeCredentials(options, env),
      attemptMillis: timeouts.attemptMillis,
      budget: (name, api) => budgets.get(owner, name, api),
    };
  }

  identity(options: CallOptions): Promise<AwsIdentity> {
    // A failure is not remembered: the next caller may have other keys, or another network.
    this.#identity ??= this.#askIdentity(options).catch((thrown: unknown) => {
      this.#identity = undefined;
      throw thrown;
    });
    return this.#identity;
  }

  logs(region: string): LogsApi {
    const known = this.#logs.get(region);
    if (known !== undefined) return known;
    const client = this.#keep(logsClient(this.#clientSettings('logs', region)));
    const made = this.#logsApi(client, region);
    this.#logs.set(region, made);
    return made;
  }

  ecs(region: string): EcsApi {
    const known = this.#ecs.get(region);
    if (known !== undefined) return known;
    const client = this.#keep(ecsClient(this.#clientSettings('ecs', region)));
    const made = this.#ecsApi(client, region);
    this.#ecs.set(region, made);
    return made;
  }

  close(): Promise<void> {
    for (const client of this.#clients) client.destroy();
    this.#handler.destroy();
    return Promise.resolve();
  }

  async #askIdentity(options: CallOptions): Promise<AwsIdentity> {
    const region = this.#homeRegion();
    const client = stsClient(this.#clientSettings('sts', region));
    try {
      const ask = async (abortSignal: AbortSignal) =>
        identityOf(await client.send(new GetCallerIdentityCommand({}), { abortSignal }));
      return (await this.#call('sts', 'GetCallerIdentity', region, undefined, options, ask)).output;
    } finally {
      client.destroy();
    }
  }

  #logsApi(client: CloudWatchLogsClient, region: string): LogsApi {
    const call = this.#callerOf('logs', region);
    return {
      filterLogEvents: (input, options) =>
        call('FilterLogEvents', input.logGroupName ?? input.logGroupIdentifier, options, (abortSignal) =>
          client.send(new FilterLogEventsCommand(input), { abortSignal }),
        ),
      getLogEvents: (input, options) =>
        call('GetLogEvents', input.logGroupName ?? input.logGroupIdentifier, options, (abortSignal) =>
          client.send(new GetLogEventsCommand(input), { abortSignal }),
        ),
      describeLogGroups: (input, options) =>
        call('DescribeLogGroups', input.logGroupNamePrefix, options, (abortSignal) =>
          client.send(new DescribeLogGroupsCommand(input), { abortSignal }),
        ),
      describeLogStreams: (input, options) =>
        call('DescribeLogStreams', input.logGroupName ?? input.logGroupIdentifier, options, (abortSignal) =>
          client.send(new DescribeLogStreamsCommand(input), { abortSignal }),
        ),
    };
  }

  #ecsApi(client: ECSClient, region: string): EcsApi {
    const call = this.#callerOf('ecs', region);
    return {
      listClusters: (input, options) =>
        call('ListClusters', undefined, options, (abortSignal) =>
          client.send(new ListClustersCommand(input), { abortSignal }),
        ),
      describeClusters: (input, options) =>
        call('DescribeClusters', undefined, options, (abortSignal) =>
          client.send(new DescribeClustersCommand(input), { abortSignal }),
        ),
      listServices: (input, options) =>
        call('ListServices', input.cluster, options, (abortSignal) =>
          client.send(new ListServicesCommand(input), { abortSignal }),
        ),
      describeServices: (input, options) =>
        call('DescribeServices', input.cluster, options, (abortSignal) =>
          client.send(new DescribeServicesCommand(input), { abortSignal }),
        ),
      listTasks: (input, options) =>
        call('ListTasks', input.cluster, options, (abortSignal) =>
          client.send(new ListTasksCommand(input), { abortSignal }),
        ),
      describeTasks: (input, options) =>
        call('DescribeTasks', input.cluster, options, (abortSignal) =>
          client.send(new DescribeTasksCommand(input), { abortSignal }),
        ),
      describeTaskDefinition: (input, options) =>
        call('DescribeTaskDefinition', input.taskDefinition, options, (abortSignal) =>
          client.send(new DescribeTaskDefinitionCommand(input), { abortSignal }),
        ),
    };
  }

  #callerOf(service: AwsService, region: string) {
    return <Output extends object>(
      api: AwsApi,
      resource: string | undefined,
      options: CallOptions,
      send: (signal: AbortSignal) => Promise<Output>,
    ) => this.#call(service, api, region, resource, options, send);
  }

  async #call<Output extends object>(
    service: AwsService,
    api: AwsApi,
    region: string,
    resource: string | undefined,
    { signal, priority = 'live', keepPlace = false }: CallOptions,
    send: (signal: AbortSignal) => Promise<Output>,
  ): Promise<Answered<Output>> {
    const endpoint = this.#endpoint(service);
    return await callAws(this.#caller, {
      api,
      action: `${service}:${api}`,
      region,
      endpoint,
      resource,
      priority,
      keepPlace,
      signal,
      send,
    });
  }

  #clientSettings(service: AwsService, region: string) {
    return {
      region,
      endpoint: this.#endpoint(service),
      credentials: this.#caller.credentials,
      requestHandler: this.#handler,
    };
  }

  #endpoint(service: AwsService): string | undefined {
    return endpointOverride(service, this.#options, this.#env, this.#profile);
  }

  #homeRegion(): string {
    // accountRegions answers with one at least.
    return this.regions[0] as string;
  }

  #keep<Client extends { destroy(): void }>(client: Client): Client {
    this.#clients.push(client);
    return client;
  }
}

function identityOf({ Account: accountId, Arn: arn }: GetCallerIdentityCommandOutput): AwsIdentity {
  const partition = arn?.split(':')[1];
  if (accountId === undefined || arn === undefined || !partition)
    throw new BadReplyError('The reply of GetCallerIdentity has no account.');
  return { accountId, arn, partition };
}
