import type { EcsSelection } from '../../aws/ecs-graph/ecs-selection.ts';
import type { TaskDirectory } from '../../aws/ecs-graph/task-directory.ts';
import type { LogGroup } from '../../aws/log-groups/log-group.ts';
import { LruMap } from '../../aws/log-groups/lru-map.ts';
import type { OwnLogs } from '../../aws/log-groups/own-logs.ts';
import { parseEcsStreamName } from '../../aws/log-groups/stream-name.ts';
import type { StreamOrigins, StreamVerdict } from '../../aws/log-groups/stream-origins.ts';
import type { GroupTargets } from './group-targets.ts';
import { type Judgement, judgeStream } from './judge-stream.ts';

const REMEMBERED_STREAMS = 5000;

export interface TaskStreamsParts {
  readonly group: LogGroup;
  readonly dataSource: string;
  readonly selection: EcsSelection;
  readonly directory: TaskDirectory;
  readonly own: OwnLogs | undefined;
}

/** The streams of one log group, tagged with what ECS knows of the tasks that write them. */
export class TaskStreams implements StreamOrigins {
  readonly #parts: TaskStreamsParts;
  readonly #judged = new LruMap<string, Judgement>(REMEMBERED_STREAMS);
  #targets: GroupTargets | undefined;

  constructor(parts: TaskStreamsParts) {
    this.#parts = parts;
  }

  /** After each discovery. undefined where ECS may not be read. */
  update(targets: GroupTargets | undefined): void {
    this.#targets = targets;
    this.#judged.deleteWhere(({ certain }) => !certain);
  }

  async prepare(streams: Iterable<string>, signal: AbortSignal): Promise<void> {
    const ids: string[] = [];
    for (const stream of streams) {
      if (this.#judged.get(stream) !== undefined) continue;
      const id = parseEcsStreamName(stream)?.taskId;
      if (id !== undefined) ids.push(id);
    }
    if (ids.length > 0) await this.#parts.directory.lookUp(ids, signal);
  }

  verdict(stream: string): StreamVerdict {
    let judged = this.#judged.get(stream);
    if (judged === undefined) this.#judged.set(stream, (judged = this.#judge(stream)));
    return judged.verdict;
  }

  #judge(stream: string): Judgement {
    const { group, dataSource, selection, directory, own } = this.#parts;
    const id = parseEcsStreamName(stream)?.taskId;
    const known = id === undefined ? directory.byRuntimeId(stream) : directory.byId(id);
    const isOwn =
      own?.groupArn === group.arn &&
      (stream === own.stream || (own.family !== '' && known?.task.family === own.family));
    if (isOwn)
      return {
        verdict: { kind: 'left_out', reason: 'own_logs', because: 'Logferry writes this stream itself' },
        certain: true,
      };
    return judgeStream({ group, dataSource, stream, known, targets: this.#targets, selection });
  }
}
