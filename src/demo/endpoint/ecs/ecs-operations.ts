import type { Operation } from '../api-call.ts';
import { describeClusters, listClusters } from './clusters.ts';
import { describeServices, listServices } from './services.ts';
import { describeTaskDefinition, listTaskDefinitions } from './task-definitions.ts';
import { describeTasks, listTasks } from './tasks.ts';

const paged = { tokenParameter: 'nextToken' } as const;

export const ecsOperations: Readonly<Record<string, Operation>> = {
  ListClusters: { ...paged, run: listClusters },
  DescribeClusters: { run: describeClusters },
  ListServices: { ...paged, run: listServices },
  DescribeServices: { run: describeServices },
  ListTasks: { ...paged, run: listTasks },
  DescribeTasks: { run: describeTasks },
  ListTaskDefinitions: { ...paged, run: listTaskDefinitions },
  DescribeTaskDefinition: { run: describeTaskDefinition },
};
