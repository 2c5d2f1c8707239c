import { formatRoughDuration } from '../../foundation/duration.ts';
import type {
  EventExplanation,
  Explanation,
  PartitionExplanation,
} from '../../pipeline/explain/explanation.ts';
import type { CliContext } from '../cli-context.ts';
import { formatTime } from './format-time.ts';
import { type Paint, painter, safeText } from './paint.ts';

/** The answer first, then what it rests on. */
export function explanationText(cli: CliContext, explanation: Explanation): string {
  const paint = painter(cli);
  const { verdict, summary, next, partitions, notes } = explanation;
  const lines = [
    `${paint(isWell(explanation) ? 'green' : 'yellow', verdict)}  ${safeText(summary)}`,
    ...(next === undefined ? [] : [`${paint('cyan', 'next')}  ${safeText(next)}`]),
    ...partitions.flatMap((partition) => ['', ...partitionLines(cli, paint, partition)]),
    ...(notes.length === 0 ? [] : ['', ...notes.map((note) => `${paint('dim', 'note')}  ${safeText(note)}`)]),
  ];
  return `${lines.join('\n')}\n`;
}

const isWell = ({ verdict }: Explanation) => verdict === 'delivered';

function partitionLines(cli: CliContext, paint: Paint, partition: PartitionExplanation): string[] {
  const { title, source, filter, state, gapReason, found, isWhole, read, events } = partition;
  const facts = [
    gapReason === undefined ? state : `${state} (${gapReason})`,
    `${isWhole ? '' : 'at least '}${found} ${found === 1 ? 'event' : 'events'} found in CloudWatch Logs`,
    `${read} read in the minutes around`,
    ...lateness(partition),
  ];
  const more = found - events.length;
  return [
    `${paint('bold', safeText(title))} ${paint('dim', source)}`,
    `  ${facts.join(' · ')}`,
    ...(filter === undefined ? [] : [`  reads only ${safeText(filter)}`]),
    ...marks(cli, partition),
    ...events.flatMap((event) => eventLines(cli, paint, event)),
    ...(more > 0 ? [`  and ${more} more`] : []),
  ];
}

function lateness({ lateness: learned, maxLatenessMillis }: PartitionExplanation): string[] {
  const max = `max_lateness ${formatRoughDuration(maxLatenessMillis)}`;
  return learned === undefined ? [max] : [`horizon ${formatRoughDuration(learned.horizonMillis)}`, max];
}

function marks(cli: CliContext, partition: PartitionExplanation): string[] {
  const { coveredFromMillis, watermarkMillis, headMillis } = partition;
  if (coveredFromMillis === undefined || watermarkMillis === undefined || headMillis === undefined)
    return ['  nothing of it was read yet'];
  const time = (millis: number) => formatTime(millis, cli.options.utc).slice(0, 19);
  return [
    `  read from ${time(coveredFromMillis)} on, sealed up to ${time(watermarkMillis)}, read up to ${time(headMillis)}`,
  ];
}

function eventLines(cli: CliContext, paint: Paint, event: EventExplanation): string[] {
  const { timestampMillis, ingestedMillis, stream, id, message, fate, summary } = event;
  const late = formatRoughDuration(Math.max(0, ingestedMillis - timestampMillis));
  const [line = ''] = safeText(message).trim().split('\n');
  return [
    '',
    `  ${paint('cyan', formatTime(timestampMillis, cli.options.utc))} ${line}`,
    `    ${paint('dim', `came in ${late} later · ${safeText(stream)} · ${id}`)}`,
    `    ${fate.kind}: ${safeText(summary)}`,
  ];
}
