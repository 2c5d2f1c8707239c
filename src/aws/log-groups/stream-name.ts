/** What the name of a stream says that ECS made: `prefix/container/taskId`. */
export interface EcsStreamName {
  readonly prefix: string;
  readonly container: string;
  readonly taskId: string;
}

/** 32 hexadecimal digits; tasks of accounts with the old ARN format have a UUID. */
const TASK_ID = /^(?:[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/** Splits from the right, because the prefix may hold slashes itself; undefined when the name has another form. */
export function parseEcsStreamName(stream: string): EcsStreamName | undefined {
  const taskAt = stream.lastIndexOf('/');
  const containerAt = stream.lastIndexOf('/', taskAt - 1);
  if (taskAt <= 0 || containerAt <= 0) return undefined;
  const taskId = stream.slice(taskAt + 1);
  const container = stream.slice(containerAt + 1, taskAt);
  if (container === '' || !TASK_ID.test(taskId)) return undefined;
  return { prefix: stream.slice(0, containerAt), container, taskId };
}
