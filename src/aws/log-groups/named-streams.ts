import type { LogGroup } from './log-group.ts';
import { LruMap } from './lru-map.ts';
import type { StreamOrigins, StreamVerdict } from './stream-origins.ts';
import { streamTags } from './stream-tags.ts';

const REMEMBERED_STREAMS = 5000;

/** Tags streams by what their names say; leaves out the stream that this process writes itself. */
export function namedStreams(
  group: LogGroup,
  dataSource: string,
  ownStream: string | undefined,
): StreamOrigins {
  const verdicts = new LruMap<string, StreamVerdict>(REMEMBERED_STREAMS);
  const decide = (stream: string): StreamVerdict =>
    stream === ownStream
      ? { kind: 'left_out', reason: 'own_logs', because: 'Logferry writes this stream itself' }
      : { kind: 'read', origin: { source: dataSource, tags: streamTags(group, stream) } };
  return {
    prepare: () => Promise.resolve(),
    verdict: (stream) => {
      let verdict = verdicts.get(stream);
      if (verdict === undefined) verdicts.set(stream, (verdict = decide(stream)));
      return verdict;
    },
  };
}
