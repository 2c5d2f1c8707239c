import { parseLogGroupArn } from '../../aws/log-groups/log-group.ts';
import type { Partition } from '../../contracts/pull-source.ts';

/** Of a partition's key, which is made of it. */
export function groupNameOf({ key, title }: Pick<Partition, 'key' | 'title'>): string {
  return parseLogGroupArn(key.split('|')[1] ?? '')?.name ?? title;
}

/** Whether a person means this partition: by name, by its title, or by ARN. */
export function namesGroup(text: string, partition: Pick<Partition, 'key' | 'title'>): boolean {
  const arn = partition.key.split('|')[1];
  const wanted = text.replace(/:\*$/, '');
  return wanted === groupNameOf(partition) || wanted === partition.title || wanted === arn;
}
