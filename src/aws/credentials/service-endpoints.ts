import type { AccountOptions } from '../account-options.ts';
import type { SharedProfile } from './shared-profile.ts';

export type AwsService = 'logs' | 'ecs' | 'sts';

/** As the AWS tools spell a service in `AWS_ENDPOINT_URL_<SERVICE>`; in lower case, in a `services` section. */
const SERVICE_IDS: Readonly<Record<AwsService, string>> = {
  logs: 'CLOUDWATCH_LOGS',
  ecs: 'ECS',
  sts: 'STS',
};

/**
 * The endpoint that replaces the one AWS has for the service; undefined = AWS's own. The order is that of the AWS
 * tools, with our configuration before it: service before all services, environment before profile.
 */
export function endpointOverride(
  service: AwsService,
  options: AccountOptions,
  env: NodeJS.ProcessEnv,
  profile: SharedProfile,
): string | undefined {
  const configured = options.endpoints?.[service] ?? options.endpoint;
  if (configured !== undefined) return configured;
  if (env.AWS_IGNORE_CONFIGURED_ENDPOINT_URLS?.toLowerCase() === 'true') return undefined;
  const id = SERVICE_IDS[service];
  // An empty variable is one that was meant to be unset.
  return (
    env[`AWS_ENDPOINT_URL_${id}`] ||
    env.AWS_ENDPOINT_URL ||
    profile.serviceEndpointUrls[id.toLowerCase()] ||
    profile.endpointUrl
  );
}
