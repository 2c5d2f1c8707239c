import { existsSync, writeFileSync } from 'node:fs';
import { cancel, confirm, intro, isCancel, outro, text } from '@clack/prompts';
import { stringify } from 'yaml';
import { LogferryError } from '../foundation/logferry-error.ts';
import type { CliContext } from './cli-context.ts';

export interface InitOptions {
  readonly yes?: boolean;
  readonly force?: boolean;
  readonly region?: string;
  readonly profile?: string;
  readonly cluster?: string;
  readonly datakit?: string;
  readonly store: boolean;
}

interface Answers {
  readonly region: string | undefined;
  readonly profile: string | undefined;
  readonly cluster: string | undefined;
  readonly datakit: string | undefined;
  readonly store: boolean;
}

const DEFAULT_DATAKIT = 'http://127.0.0.1:9529';

/** `logferry init`: a configuration that works as it is, and can be read and changed by hand. */
export async function runInit(cli: CliContext, file: string, options: InitOptions): Promise<void> {
  if (existsSync(file) && options.force !== true) {
    throw new LogferryError('USAGE', `${file} is there already.`, {
      hint: 'Name another file, or add --force to write over it.',
    });
  }
  const asks = options.yes !== true && process.stdin.isTTY && cli.stderr.isTTY === true;
  const answers = asks ? await ask(cli, options) : answersOf(cli, options);
  writeFileSync(file, render(answers), { mode: 0o600 });
  const next = `logferry check -c ${file}   then   logferry up -c ${file}`;
  if (cli.options.json) cli.stdout.write(`${JSON.stringify({ file })}\n`);
  else if (asks) outro(`${file} is written. Next: ${next}`);
  else cli.stdout.write(`${file} is written.\nNext: ${next}\n`);
}

function answersOf(cli: CliContext, options: InitOptions): Answers {
  return {
    region: options.region ?? cli.env['AWS_REGION'] ?? cli.env['AWS_DEFAULT_REGION'],
    profile: options.profile,
    cluster: options.cluster,
    datakit: options.datakit,
    store: options.store || options.datakit === undefined,
  };
}

async function ask(cli: CliContext, options: InitOptions): Promise<Answers> {
  const found = answersOf(cli, options);
  intro('A configuration for Logferry');
  const region = await answer(
    text({ message: 'AWS Region', placeholder: 'cn-north-1', initialValue: found.region ?? '' }),
  );
  const profile = await answer(
    text({
      message: 'AWS profile (empty: task role, environment or default)',
      initialValue: found.profile ?? '',
    }),
  );
  const cluster = await answer(
    text({ message: 'ECS cluster (empty: all)', initialValue: found.cluster ?? '' }),
  );
  const datakit = await answer(
    text({ message: 'Address of the DataKit (empty: none)', initialValue: found.datakit ?? DEFAULT_DATAKIT }),
  );
  const store = await answer(confirm({ message: 'Keep logs on this machine too, to search them here?' }));
  return {
    region: region || undefined,
    profile: profile || undefined,
    cluster: cluster || undefined,
    datakit: datakit || undefined,
    store: store || !datakit,
  };
}

async function answer<Given>(prompt: Promise<Given>): Promise<Exclude<Given, symbol>> {
  const given = await prompt;
  if (!isCancel(given)) return given as Exclude<Given, symbol>;
  cancel('Nothing was written.');
  throw new LogferryError('INTERRUPTED', 'Cancelled.');
}

function render({ region, profile, cluster, datakit, store }: Answers): string {
  const account = {
    ...(region !== undefined && { regions: [region] }),
    ...(profile !== undefined && { profile }),
  };
  const hasAccount = Object.keys(account).length > 0;
  const config = {
    version: 1,
    data_dir: './data',
    server: { listen: '127.0.0.1:8787' },
    ...(hasAccount && { accounts: { main: account } }),
    sources: {
      ecs_services: {
        type: 'aws_ecs',
        ...(hasAccount && { account: 'main' }),
        discover: { clusters: [cluster ?? '*'], services: ['*'] },
        source: 'ecs_log_source',
        every: '10s',
        start_from: '-15m',
      },
    },
    transforms: { tidy: { inputs: ['ecs_services'], multiline: 'auto', level: 'auto' } },
    destinations: {
      ...(store && { local: { type: 'store', inputs: ['tidy'], retention: '7d', max_disk: '5GiB' } }),
      ...(datakit !== undefined && { datakit: { type: 'datakit', inputs: ['tidy'], url: datakit } }),
    },
  };
  return `# Logferry. \`logferry validate\` checks this file, \`logferry check\` tries it.\n${stringify(config)}`;
}
