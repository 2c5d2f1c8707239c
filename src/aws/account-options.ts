import { z } from 'zod';
import { BUDGET_NAMES } from './budget/request-quotas.ts';

/** Region names are host name labels: anything else could bend the address that a request is sent to. */
export const regionName = z
  .string()
  .regex(/^[a-z]{2,}(-[a-z]+)+-\d{1,2}$/, 'A Region looks like cn-north-1 or us-east-1.');

const endpointUrl = z
  .string()
  .refine(isHttpUrl, 'An endpoint is a URL that begins with https:// or http:// and holds no user name.');

const secondRate = z.number().positive().max(1_000_000);

const fields = z.strictObject({
  regions: z
    .array(regionName)
    .min(1)
    .optional()
    .describe(
      'Regions to read. Left out: AWS_REGION, AWS_DEFAULT_REGION, or the Region of the profile, in this order.',
    )
    .meta({ example: ['cn-north-1'] }),
  profile: z
    .string()
    .min(1)
    .optional()
    .describe('Profile of the shared AWS configuration files (~/.aws); SSO and process profiles work too.')
    .meta({ example: 'prod' }),
  access_key_id: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Access key id; with secret_access_key. A task role or a profile is safer than a key in a file.',
    )
    .meta({ example: '${env:LOGS_ACCESS_KEY_ID}' }),
  secret_access_key: z
    .string()
    .min(1)
    .optional()
    .describe('Secret access key of access_key_id.')
    .meta({ secret: true, example: '${env:LOGS_SECRET_ACCESS_KEY}' }),
  session_token: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Session token, where the key is a temporary one. It is not renewed: prefer role_arn or a profile.',
    )
    .meta({ secret: true, advanced: true, example: '${env:LOGS_SESSION_TOKEN}' }),
  role_arn: z
    .string()
    .regex(
      /^arn:aws[a-z-]*:iam::\d{12}:role\/.+$/,
      'A role ARN looks like arn:aws:iam::123456789012:role/logferry.',
    )
    .optional()
    .describe('Role to assume with the credentials above (or the default chain); renewed before it expires.')
    .meta({ example: 'arn:aws-cn:iam::123456789012:role/logferry' }),
  external_id: z
    .string()
    .regex(/^[\w+=,.@:/-]{2,1224}$/)
    .optional()
    .describe('External id that the trust policy of the role asks for.')
    .meta({ example: 'logferry-prod' }),
  role_session_name: z
    .string()
    .regex(/^[\w+=,.@-]{2,64}$/)
    .default('logferry')
    .describe('Name of the role session, as CloudTrail shows it.')
    .meta({ advanced: true, example: 'logferry' }),
  endpoint: endpointUrl
    .optional()
    .describe(
      'Endpoint of all services in place of those of AWS. Left out: AWS_ENDPOINT_URL, or that of the profile.',
    )
    .meta({ advanced: true, example: 'http://127.0.0.1:4566' }),
  endpoints: z
    .strictObject({
      logs: endpointUrl.optional().describe('Endpoint of CloudWatch Logs.'),
      ecs: endpointUrl.optional().describe('Endpoint of ECS.'),
      sts: endpointUrl.optional().describe('Endpoint of STS.'),
    })
    .optional()
    .describe('Endpoints of single services, such as VPC endpoints; each outranks `endpoint`.')
    .meta({ advanced: true, example: { logs: 'https://vpce-0a1b.logs.cn-north-1.vpce.amazonaws.com.cn' } }),
  headroom: z
    .number()
    .min(0)
    .max(0.9)
    .default(0.2)
    .describe(
      'Share of the request quota left for people and other programs: AWS counts them together for each account and Region.',
    )
    .meta({ advanced: true, example: 0.2 }),
  requests_per_second: z
    .partialRecord(z.enum(BUDGET_NAMES), secondRate)
    .optional()
    .describe(
      'Exact ceilings by API in place of the quota table and its headroom, such as after a raised quota.',
    )
    .meta({ advanced: true, example: { FilterLogEvents: 5 } }),
});

/** An `accounts` entry of the configuration. Which credentials it means is decided in credentials/find-credentials.ts. */
export const accountOptions = fields.superRefine((options, context) => {
  const complain = (path: string, message: string) =>
    context.addIssue({ code: 'custom', path: [path], message });
  if ((options.access_key_id === undefined) !== (options.secret_access_key === undefined)) {
    const missing = options.access_key_id === undefined ? 'access_key_id' : 'secret_access_key';
    complain(missing, 'access_key_id and secret_access_key belong together.');
  }
  if (options.session_token !== undefined && options.access_key_id === undefined) {
    complain('session_token', 'A session_token belongs to an access_key_id.');
  }
  if (options.profile !== undefined && options.access_key_id !== undefined) {
    complain('profile', 'Either profile or access_key_id, not both: it would be unclear which is used.');
  }
  if (options.external_id !== undefined && options.role_arn === undefined) {
    complain('external_id', 'An external_id belongs to a role_arn.');
  }
});

export type AccountOptions = z.output<typeof accountOptions>;

/** The account that is there without configuration: default chain, Region from the environment. */
export const defaultAccountOptions: AccountOptions = accountOptions.parse({});

function isHttpUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  return (
    (url.protocol === 'https:' || url.protocol === 'http:') && url.username === '' && url.password === ''
  );
}
