import type {
  FilterLogEventsCommandInput,
  FilterLogEventsCommandOutput,
} from '@aws-sdk/client-cloudwatch-logs';
import type { Slice } from '../../contracts/pull-source.ts';
import { hashText } from '../../foundation/hash.ts';
import { LogferryError } from '../../foundation/logferry-error.ts';
import type { Answered, LogsApi } from '../aws-account.ts';

/** Which events of which log group; what does not change from slice to slice. */
export type FilterTarget = Pick<
  FilterLogEventsCommandInput,
  'logGroupName' | 'logGroupIdentifier' | 'logStreamNames' | 'logStreamNamePrefix' | 'filterPattern'
>;

export interface FilterPage {
  /** As they came over the wire: not yet believed. */
  readonly events: readonly unknown[];
  readonly serverMillis: number;
  /** 0, and one more after each time the slice was begun again. */
  readonly attempt: number;
}

const PAGE_LIMIT = 10_000;
const MAX_RESTARTS = 2;

/**
 * Reads a slice to its end: until a reply carries no token. Empty pages are pages.
 *
 * A token is a cache of the position inside the slice, never the truth. When the service hands out one a second time
 * (no progress), or no longer takes one it handed out (expired), the slice begins again from its start, and events
 * that were yielded already are yielded again. Twice; then AWS_BAD_REPLY, or the service's own error.
 *
 * A page keeps its place in the request budget until the next one is asked for, or the loop is left: so the pages that
 * are in memory are bounded by what the budget has under way.
 */
export async function* filterPages(
  api: LogsApi,
  target: FilterTarget,
  slice: Slice,
  signal: AbortSignal,
): AsyncGenerator<FilterPage, void> {
  for (let attempt = 0; ; attempt++) {
    const last = attempt >= MAX_RESTARTS;
    const seenTokens = new Set<string>();
    let nextToken: string | undefined;
    for (;;) {
      const answered = await askPage(api, target, slice, nextToken, last, signal);
      if (answered === undefined) break;
      try {
        yield { events: eventsOf(answered.output), serverMillis: answered.serverMillis, attempt };
      } finally {
        answered.release();
      }
      nextToken = answered.output.nextToken;
      if (nextToken === undefined || nextToken === null || nextToken === '') return;
      const token = hashText(nextToken);
      if (seenTokens.has(token)) {
        if (last) throw noProgress(target);
        break;
      }
      seenTokens.add(token);
    }
  }
}

/** undefined = the token is no longer valid. Without a token the same error is about the request itself. */
async function askPage(
  api: LogsApi,
  target: FilterTarget,
  slice: Slice,
  nextToken: string | undefined,
  last: boolean,
  signal: AbortSignal,
): Promise<Answered<FilterLogEventsCommandOutput> | undefined> {
  const input: FilterLogEventsCommandInput = {
    ...target,
    startTime: slice.fromMillis,
    // Inclusive, as a slice's end is.
    endTime: slice.toMillis,
    limit: PAGE_LIMIT,
    ...(nextToken !== undefined && { nextToken }),
  };
  try {
    return await api.filterLogEvents(input, {
      signal,
      priority: priorityOf(slice, nextToken),
      keepPlace: true,
    });
  } catch (thrown) {
    const expired = thrown instanceof LogferryError && thrown.code === 'AWS_INVALID_REQUEST';
    if (nextToken === undefined || last || !expired) throw thrown;
    return undefined;
  }
}

/** A sweep that was begun is ended soon: the next poll of the log group waits for it. */
function priorityOf({ priority }: Slice, nextToken: string | undefined): Slice['priority'] {
  return priority === 'sweep' && nextToken !== undefined ? 'live' : priority;
}

function eventsOf(output: FilterLogEventsCommandOutput): readonly unknown[] {
  const events: unknown = output.events;
  if (events === undefined || events === null) return [];
  if (Array.isArray(events)) return events;
  throw new LogferryError('AWS_BAD_REPLY', 'FilterLogEvents answered with events that are no list.');
}

function noProgress(target: FilterTarget): LogferryError {
  const name = target.logGroupName ?? target.logGroupIdentifier;
  return new LogferryError(
    'AWS_BAD_REPLY',
    `FilterLogEvents of ${name} repeats its page token: it makes no progress.`,
    { hint: 'The range is read again later. If this stays, report it with the name of the endpoint.' },
  );
}
