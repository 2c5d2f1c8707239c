import { awsEcs } from '../sources/aws-ecs/definition.ts';
import { cloudWatchLogs } from '../sources/cloudwatch-logs/definition.ts';
import type { SourceDefinition } from './catalogue.ts';

/** Every source that a configuration can name: one line each. */
export const sourceTypes: readonly SourceDefinition[] = [awsEcs, cloudWatchLogs];
