import type { TimeRange } from '../../contracts/checkpoint.ts';
import type { Partition } from '../../contracts/pull-source.ts';
import { hashText } from '../../foundation/hash.ts';
import { approximateBytes, type LogRecord } from '../../record/log-record.ts';

/** More than a slip of the service would leave out: then it is something else. Bytes, because they are held. */
const MAX_DIFFERENCE = 1000;
const MAX_DIFFERENCE_BYTES = 16 * 1024 * 1024;

/**
 * The records that the streams of a minute hold and reading it does not show. Compared by content, as those have no ids.
 * Undefined when that cannot be told: reading shows what the streams do not hold (texts are masked, say), or there are
 * too many.
 */
export async function contentDifference(
  partition: Partition,
  minute: TimeRange,
  signal: AbortSignal,
): Promise<readonly LogRecord[] | undefined> {
  const shown = new Set<string>();
  for await (const page of partition.read({ ...minute, priority: 'audit' }, signal))
    for (const record of page.records) shown.add(contentOf(record));
  const recount = await partition.recount?.(minute, signal);
  if (recount?.kind !== 'pages') return undefined;
  const held = new Set<string>();
  const difference: LogRecord[] = [];
  let bytes = 0;
  for await (const page of recount.pages) {
    for (const record of page.records) {
      const content = contentOf(record);
      held.add(content);
      if (shown.has(content)) continue;
      difference.push(record);
      bytes += approximateBytes(record);
      if (difference.length > MAX_DIFFERENCE || bytes > MAX_DIFFERENCE_BYTES) return undefined;
    }
  }
  return [...shown].every((content) => held.has(content)) ? difference : undefined;
}

function contentOf({ origin, timestampMillis, ingestedMillis, message }: LogRecord): string {
  return hashText(`${origin.tags['log_stream'] ?? ''}\n${timestampMillis}\n${ingestedMillis}\n${message}`);
}
