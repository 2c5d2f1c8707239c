import { stringify } from 'yaml';
import type { InitAnswers } from './init-answers.ts';

/** A configuration that works as it is, and can be read and changed by hand. */
export function renderConfig({ region, profile, cluster, datakit, store }: InitAnswers): string {
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
