import { LogferryError } from '../../foundation/logferry-error.ts';
import { baseUrlOption } from '../../sink-kit/line-protocol/point-options.ts';
import type { CliContext } from '../cli-context.ts';
import { regionArgument } from '../region-argument.ts';

export interface InitOptions {
  readonly yes?: boolean;
  readonly force?: boolean;
  readonly region?: string;
  readonly profile?: string;
  readonly cluster?: string;
  readonly datakit?: string;
  readonly store: boolean;
  readonly check: boolean;
}

/** What is undefined is left out of the configuration. */
export interface InitAnswers {
  readonly region: string | undefined;
  readonly profile: string | undefined;
  readonly cluster: string | undefined;
  readonly datakit: string | undefined;
  readonly store: boolean;
}

/** What options and environment say. Throws USAGE for what cannot be right. */
export function answersOf(cli: CliContext, options: InitOptions): InitAnswers {
  const region = options.region ?? cli.env['AWS_REGION'] ?? cli.env['AWS_DEFAULT_REGION'];
  return {
    region: region === undefined ? undefined : regionArgument(region),
    profile: options.profile,
    cluster: options.cluster,
    datakit: options.datakit === undefined ? undefined : addressArgument(options.datakit),
    store: options.store || options.datakit === undefined,
  };
}

export function addressArgument(text: string): string {
  if (baseUrlOption.safeParse(text).success) return text;
  throw new LogferryError('USAGE', `"${text}" is no address of a DataKit.`, {
    hint: 'It looks like http://127.0.0.1:9529, without a path.',
  });
}
