import type { Definition } from '../../contracts/component.ts';
import type { PullSource } from '../../contracts/pull-source.ts';
import type { SourceContext } from '../source-context.ts';
import { AwsEcsSource } from './aws-ecs-source.ts';
import { type AwsEcsOptions, awsEcsOptions } from './options.ts';

export const awsEcs: Definition<PullSource, AwsEcsOptions, SourceContext> = {
  type: 'aws_ecs',
  title: 'Amazon ECS',
  description: 'Finds what runs on ECS and reads what its containers log to CloudWatch Logs.',
  options: awsEcsOptions,
  create: (options, context) =>
    new AwsEcsSource(options, context, process.env['ECS_CONTAINER_METADATA_URI_V4']),
};
