import type { Definition } from '../../contracts/component.ts';
import type { PullSource } from '../../contracts/pull-source.ts';
import type { SourceContext } from '../source-context.ts';
import { CloudWatchLogsSource } from './cloudwatch-logs-source.ts';
import { type CloudWatchLogsOptions, cloudWatchLogsOptions } from './options.ts';

export const cloudWatchLogs: Definition<PullSource, CloudWatchLogsOptions, SourceContext> = {
  type: 'cloudwatch_logs',
  title: 'CloudWatch Logs',
  description: 'Reads log groups of CloudWatch Logs, named or found by a pattern.',
  options: cloudWatchLogsOptions,
  create: (options, context) =>
    new CloudWatchLogsSource(options, context, process.env['ECS_CONTAINER_METADATA_URI_V4']),
};
