import type { InspectedEvent, Inspection } from '../../contracts/pull-source.ts';
import type { LogsApi } from '../aws-account.ts';
import { MadeIds, type ReadEvent, readEvent, toRecord } from './event-record.ts';
import { filterPages } from './filter-pages.ts';
import type { LogGroup } from './log-group.ts';
import type { StreamOrigins } from './stream-origins.ts';

export interface GroupToInspect {
  readonly group: LogGroup;
  readonly api: LogsApi;
  readonly origins: StreamOrigins;
}

/** Every event of a log group in a range, page by page, whatever a source selects of it, with why it would be left out. */
export async function* inspectGroup(
  { group, api, origins }: GroupToInspect,
  { containing, ...range }: Inspection,
  signal: AbortSignal,
): AsyncGenerator<readonly InspectedEvent[], void> {
  const target = {
    ...(group.linked ? { logGroupIdentifier: group.arn } : { logGroupName: group.name }),
    ...(containing !== undefined && { filterPattern: phrase(containing) }),
  };
  const ids = new MadeIds();
  for await (const page of filterPages(api, target, { ...range, priority: 'live' }, signal)) {
    const events = page.events.map(readEvent).filter((event) => event !== undefined);
    await origins.prepare(new Set(events.map(({ stream }) => stream)), signal);
    yield events.map((event) => inspected(event, event.id ?? ids.idOf(event), origins));
  }
}

function inspected(event: ReadEvent, id: string, origins: StreamOrigins): InspectedEvent {
  const { stream, timestampMillis, ingestedMillis, message } = event;
  const verdict = origins.verdict(stream);
  const seen = { id, stream, timestampMillis, ingestedMillis, message };
  if (verdict.kind === 'read') return { ...seen, record: toRecord(event, id, verdict.origin) };
  const { reason, because } = verdict;
  return { ...seen, leftOut: { reason, because } };
}

/** A CloudWatch Logs filter pattern for a text as it stands; quotes and backslashes are escaped by a backslash. */
function phrase(text: string): string {
  return `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
}
