import { fromIni, fromNodeProviderChain, fromTemporaryCredentials } from '@aws-sdk/credential-providers';
import type { NodeHttpHandler } from '@smithy/node-http-handler';
import type { AccountOptions } from '../account-options.ts';
import type { AwsKeys, FindKeys } from './renewing-credentials.ts';
import type { SharedFiles } from './shared-profile.ts';

export interface FindCredentialsContext {
  readonly env: NodeJS.ProcessEnv;
  readonly files: SharedFiles;
  /** Region in which STS is called: without one the SDK falls back to us-east-1, wrong in aws-cn. */
  readonly region: string;
  readonly stsEndpoint: string | undefined;
  readonly requestHandler: NodeHttpHandler;
}

/** Where nothing answers at the metadata address, this is how long finding that out takes: twice. */
const METADATA_TIMEOUT_MILLIS = 1000;

/** How an account comes to its keys, for messages: never the keys themselves. */
export function describeCredentials(options: AccountOptions, env: NodeJS.ProcessEnv): string {
  if (options.role_arn !== undefined) return `role ${options.role_arn}`;
  if (options.access_key_id !== undefined) return `access key ${maskKeyId(options.access_key_id)}`;
  const profile = options.profile ?? env.AWS_PROFILE;
  if (profile !== undefined) return `profile ${profile}`;
  if (env.AWS_ACCESS_KEY_ID !== undefined) {
    return `access key ${maskKeyId(env.AWS_ACCESS_KEY_ID)} of the environment`;
  }
  return 'the default chain';
}

/** Makes a finder that has cached nothing yet. */
export function findCredentials(options: AccountOptions, context: FindCredentialsContext): FindKeys {
  const source = sourceCredentials(options, context);
  if (options.role_arn === undefined) return source;
  return fromTemporaryCredentials({
    masterCredentials: source,
    params: {
      RoleArn: options.role_arn,
      RoleSessionName: options.role_session_name,
      ...(options.external_id === undefined ? {} : { ExternalId: options.external_id }),
    },
    clientConfig: stsConfig(context),
  }) as FindKeys;
}

function sourceCredentials(options: AccountOptions, context: FindCredentialsContext): FindKeys {
  const { env, files } = context;
  if (options.access_key_id !== undefined && options.secret_access_key !== undefined) {
    return always(options.access_key_id, options.secret_access_key, options.session_token);
  }
  const shared = {
    filepath: files.credentialsFile,
    configFilepath: files.configFile,
    // A file that was edited meanwhile (a new key, a new SSO login) is read again.
    ignoreCache: true,
    clientConfig: stsConfig(context),
  };
  if (options.profile !== undefined) return fromIni({ ...shared, profile: options.profile }) as FindKeys;
  if (!env.AWS_PROFILE && env.AWS_ACCESS_KEY_ID && env.AWS_SECRET_ACCESS_KEY) {
    return always(env.AWS_ACCESS_KEY_ID, env.AWS_SECRET_ACCESS_KEY, env.AWS_SESSION_TOKEN);
  }
  return fromNodeProviderChain({
    ...shared,
    ...(env.AWS_PROFILE ? { profile: env.AWS_PROFILE } : {}),
    timeout: METADATA_TIMEOUT_MILLIS,
    maxRetries: 0,
  }) as FindKeys;
}

function stsConfig({ region, stsEndpoint, requestHandler }: FindCredentialsContext) {
  return {
    region,
    requestHandler,
    maxAttempts: 3,
    ...(stsEndpoint === undefined ? {} : { endpoint: stsEndpoint }),
  };
}

function always(accessKeyId: string, secretAccessKey: string, sessionToken: string | undefined): FindKeys {
  const keys: AwsKeys = {
    accessKeyId,
    secretAccessKey,
    ...(sessionToken ? { sessionToken } : {}),
  };
  return () => Promise.resolve(keys);
}

/** Key ids are no secrets, but half of one is enough to know it by. */
function maskKeyId(id: string): string {
  return id.length <= 8 ? '****' : `${id.slice(0, 4)}…${id.slice(-4)}`;
}
