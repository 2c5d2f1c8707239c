import type { LogGroup } from './log-group.ts';
import { parseEcsStreamName } from './stream-name.ts';

/**
 * What can be said of a stream from its name alone. `host` is the task where there is one, else the stream: the
 * machine that reads is never the host of what it reads.
 */
export function streamTags(group: LogGroup, stream: string): Readonly<Record<string, string>> {
  const ecs = parseEcsStreamName(stream);
  const tags: Record<string, string> = {
    log_group: group.name,
    log_stream: stream,
    aws_region: group.region,
    host: ecs?.taskId ?? stream,
  };
  if (group.accountId !== '') tags['aws_account_id'] = group.accountId;
  if (ecs !== undefined) {
    tags['container_name'] = ecs.container;
    tags['task_id'] = ecs.taskId;
  }
  return tags;
}
