/** The answer in one sentence, and what to do next: pure. */
import { formatRoughDuration } from '../../foundation/duration.ts';
import type {
  ExplainRequest,
  Explanation,
  PartitionExplanation,
} from '../../pipeline/explain/explanation.ts';
import { verdictOf } from '../../pipeline/explain/verdict-of.ts';

export type Conclusion = Pick<Explanation, 'verdict' | 'summary' | 'next'>;

export function concludeExplanation(
  request: ExplainRequest,
  partitions: readonly PartitionExplanation[],
  unread: Conclusion | undefined,
): Conclusion {
  if (unread !== undefined) return unread;
  const events = partitions.flatMap((partition) => partition.events);
  const verdict = verdictOf(events);
  const [first] = events;
  if (first === undefined) return notFound(request, partitions);
  const { summary, next } = first;
  if (verdict !== 'several') return { verdict, summary, ...(next !== undefined && { next }) };
  return {
    verdict,
    summary: `${events.length} events were looked at, and what became of them differs: see each of them.`,
    ...(next !== undefined && { next }),
  };
}

function notFound(request: ExplainRequest, partitions: readonly PartitionExplanation[]): Conclusion {
  const verdict = 'not_in_cloudwatch';
  const what = request.text === undefined ? 'no event' : `no event with "${request.text}"`;
  const byStream = partitions.find(({ foundByStream }) => foundByStream > 0);
  if (byStream !== undefined) {
    return {
      verdict,
      summary: `FilterLogEvents shows ${what} there, but GetLogEvents shows ${byStream.foundByStream}.`,
      next: 'It becomes visible late: it is read when it is. When its time is sealed by then, the audit adds it.',
    };
  }
  const [elsewhere] = partitions.flatMap(({ elsewhereMillis: millis }) =>
    millis === undefined ? [] : [millis],
  );
  if (elsewhere !== undefined) {
    const away = formatRoughDuration(Math.max(request.fromMillis - elsewhere, elsewhere - request.toMillis));
    const time = new Date(elsewhere).toISOString();
    return {
      verdict,
      summary: `CloudWatch Logs shows ${what} there, but one at ${time}, ${away} away.`,
      next: `Ask again with that time. Is it the time zone? Without a zone times are local ones; --utc takes them as UTC.`,
    };
  }
  const [partition] = partitions;
  const expired = partition?.retentionMillis;
  const isPartly = partition?.isWhole === false;
  return {
    verdict,
    summary: isPartly
      ? `CloudWatch Logs shows ${what} among the first events of that time; there are more than were looked at.`
      : `CloudWatch Logs shows ${what} there: nothing of it could have been read.`,
    next: isPartly
      ? 'Ask for a shorter time.'
      : `See whether the application wrote it, and whether its driver sent it (awslogs in non-blocking mode drops lines when its buffer is full).${expired === undefined ? '' : ` The group keeps events for ${formatRoughDuration(expired)}.`}`,
  };
}
