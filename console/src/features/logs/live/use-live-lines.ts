import { useEffect, useReducer, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError, type ErrorBody } from '../../../api-client/http.ts';
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

/** lost: the browser connects again by itself. refused: it does not. */
type Failure = 'lost' | 'refused' | ApiError;

/** What comes in for a query, for as long as it is live, and why nothing does. */
export function useLiveLines(isLive: boolean, query: string, store: string | undefined) {
  const { t } = useTranslation();
  const [lines, dispatch] = useReducer(reduce, NO_LINES);
  const [failure, setFailure] = useState<Failure | undefined>();
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    dispatch({ kind: 'begin' });
    setFailure(undefined);
    if (!isLive) return undefined;
    const events = new EventSource(tailUrl(query, store));
    events.addEventListener('records', ({ data }: MessageEvent<string>) =>
      dispatch({ kind: 'batch', batch: JSON.parse(data) as LiveBatch }),
    );
    events.addEventListener('open', () => setFailure(undefined));
    events.addEventListener('error', () =>
      setFailure(events.readyState === EventSource.CLOSED ? 'refused' : 'lost'),
    );
    events.addEventListener('failed', ({ data }: MessageEvent<string>) => {
      events.close();
      setFailure(new ApiError(500, (JSON.parse(data) as { readonly error: ErrorBody }).error));
    });
    return () => events.close();
  }, [isLive, query, store, attempt]);
  return {
    lines,
    failure: typeof failure === 'string' ? new Error(t(`logs.live.${failure}`)) : failure,
    retry: () => setAttempt((last) => last + 1),
    pause: () => dispatch({ kind: 'pause' }),
    resume: () => dispatch({ kind: 'resume' }),
  };
}
