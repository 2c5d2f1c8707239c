import { useEffect, useReducer } from 'react';
import { type LiveBatch, tailUrl } from '../../../api-client/logs.ts';
import { type LiveLines, NO_LINES, paused, resumed, withBatch } from './live-lines.ts';

type Action =
  | { readonly kind: 'begin' | 'pause' | 'resume' }
  | { readonly kind: 'batch'; readonly batch: LiveBatch };

function reduce(lines: LiveLines, action: Action): LiveLines {
  switch (action.kind) {
    case 'begin':
      return NO_LINES;
    case 'pause':
      return paused(lines);
    case 'resume':
      return resumed(lines);
    case 'batch':
      return withBatch(lines, action.batch);
  }
}

/** What comes in for a query, for as long as it is live. The browser connects again by itself. */
export function useLiveLines(isLive: boolean, query: string, store: string | undefined) {
  const [lines, dispatch] = useReducer(reduce, NO_LINES);
  useEffect(() => {
    dispatch({ kind: 'begin' });
    if (!isLive) return undefined;
    const events = new EventSource(tailUrl(query, store));
    events.addEventListener('records', ({ data }: MessageEvent<string>) =>
      dispatch({ kind: 'batch', batch: JSON.parse(data) as LiveBatch }),
    );
    return () => events.close();
  }, [isLive, query, store]);
  return {
    lines,
    pause: () => dispatch({ kind: 'pause' }),
    resume: () => dispatch({ kind: 'resume' }),
  };
}
