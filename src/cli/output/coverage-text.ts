import type { AuditFinding, AuditSummary, TimeRange } from '../../contracts/checkpoint.ts';
import { formatRoughDuration } from '../../foundation/duration.ts';
import { COVERAGE_STATES, type CoverageState, type GapReason } from '../../pipeline/coverage/coverage.ts';
import { CELL_LETTERS, type PartitionCoverage } from '../../pipeline/coverage/coverage-report.ts';
import type { LatenessSummary } from '../../source-kit/lateness.ts';
import type { CliContext } from '../cli-context.ts';
import { formatTime } from './format-time.ts';
import { painter, type Style, safeText } from './paint.ts';

/** Told apart without colours too. */
const CELLS: Readonly<Record<CoverageState, readonly [string, Style]>> = {
  sealed: ['█', 'green'],
  backfilled: ['▓', 'cyan'],
  open: ['▒', 'yellow'],
  pending: ['░', 'yellow'],
  unread: ['·', 'dim'],
  gap: ['×', 'red'],
};
const MEANINGS: Readonly<Record<CoverageState, string>> = {
  sealed: 'sealed: complete',
  backfilled: 'read by a backfill',
  open: 'read, late events are waited for',
  pending: 'not read yet',
  unread: 'before reading began',
  gap: 'gap: could not be read',
};
const GAP_REASONS: Readonly<Record<GapReason, string>> = {
  expired: 'it expired in CloudWatch Logs before it was read',
  deleted: 'it was deleted with its log group after the last read',
  denied: 'reading it was denied',
  unreadable: 'it could not be read',
};
const MINUTE_MILLIS = 60_000;

export function rangeText(cli: CliContext, range: TimeRange, cellMillis: number): string {
  const time = (millis: number) => formatTime(millis, cli.options.utc).slice(0, 16);
  const zone = cli.options.utc ? ' UTC' : '';
  const end = range.toMillis + 1;
  return `${time(range.fromMillis)} – ${time(end)}${zone}, a cell is ${formatRoughDuration(cellMillis)}\n`;
}

/** A strip with what is behind it, and each gap with its exact ends. */
export function coverageText(cli: CliContext, partition: PartitionCoverage): string {
  const paint = painter(cli);
  const lines = [
    `${paint('bold', safeText(partition.title))} ${paint('dim', partition.source)}`,
    `  ${stripText(cli, partition.strip.states)}`,
    `  ${factsText(partition)}`,
    ...partition.gaps.map(({ fromMillis, toMillis, reason }) => {
      const [from, to] = [fromMillis, toMillis].map((millis) => formatTime(millis, cli.options.utc));
      const length = formatRoughDuration(toMillis - fromMillis + 1);
      return `  ${paint('red', 'gap')} ${from} – ${to} (${length}): ${GAP_REASONS[reason]}`;
    }),
    ...(partition.audits?.findings ?? []).map((finding) => findingText(cli, finding)),
  ];
  return `\n${lines.join('\n')}\n`;
}

export function legendText(cli: CliContext): string {
  const paint = painter(cli);
  return COVERAGE_STATES.map((state) => {
    const [cell, style] = CELLS[state];
    return `${paint(style, cell)} ${MEANINGS[state]}`;
  }).join('  ');
}

export function coverageSummary({
  groups,
  withGaps,
  gapMinutes,
  lacking,
}: {
  readonly groups: number;
  readonly withGaps: number;
  readonly gapMinutes: number;
  readonly lacking: number;
}): string {
  const length = formatRoughDuration(gapMinutes * MINUTE_MILLIS);
  const gaps = withGaps === 0 ? 'no gaps' : `${withGaps} with gaps, ${length} together`;
  const lack = lacking === 0 ? '' : `, ${lacking} with events that an audit missed and could not read again`;
  return `${groups} ${groups === 1 ? 'log group' : 'log groups'}: ${gaps}${lack}`;
}

function stripText(cli: CliContext, letters: string): string {
  const paint = painter(cli);
  // Neighbours of one state are painted together.
  return letters.replaceAll(/(.)\1*/g, (run, letter: string) => {
    const state = COVERAGE_STATES.find((one) => CELL_LETTERS[one] === letter) ?? 'unread';
    const [cell, style] = CELLS[state];
    return paint(style, cell.repeat(run.length));
  });
}

function factsText({ minutes, liveEvents, backfilledEvents, lateness, audits }: PartitionCoverage): string {
  const events = `${liveEvents + backfilledEvents} events`;
  const states = COVERAGE_STATES.filter((state) => minutes[state] > 0).map(
    (state) => `${state} ${formatRoughDuration(minutes[state] * MINUTE_MILLIS)}`,
  );
  return [
    backfilledEvents === 0 ? events : `${events}, ${backfilledEvents} of them by backfills`,
    ...states,
    ...(lateness === undefined ? [] : [latenessText(lateness)]),
    ...(audits === undefined ? [] : [auditsText(audits)]),
  ].join(' · ');
}

function auditsText({ compared, notComparable }: AuditSummary): string {
  const others = Object.entries(notComparable);
  const sum = others.reduce((total, [, minutes]) => total + minutes, 0);
  const reasons = others.map(([reason, minutes]) => `${reason} ${minutes}`).join(', ');
  return `audited ${compared} ${compared === 1 ? 'minute' : 'minutes'}${sum === 0 ? '' : `, ${sum} not comparable (${reasons})`}`;
}

/** What was repaired is told too: somebody sends events later than max_lateness. */
function findingText(cli: CliContext, { minuteMillis, missing, repaired }: AuditFinding): string {
  const paint = painter(cli);
  const minute = formatTime(minuteMillis, cli.options.utc).slice(0, 16);
  const lacked = `${minute} lacked ${missing} ${missing === 1 ? 'event' : 'events'}`;
  if (repaired === missing) return `  ${paint('yellow', 'audit')} ${lacked}, read again since`;
  const rest = repaired === 0 ? 'not repaired' : `${missing - repaired} not repaired`;
  return `  ${paint('red', 'audit')} ${lacked}, ${rest}: the log of the server says what to do`;
}

function latenessText({ usualMillis, horizonMillis, isLearned }: LatenessSummary): string {
  const horizon = `horizon ${formatRoughDuration(horizonMillis)}`;
  if (!isLearned) return `lateness not learned yet, ${horizon}`;
  const usual = usualMillis === 0 ? 'in time' : `up to ${formatRoughDuration(usualMillis)} late`;
  return `usually ${usual}, ${horizon}`;
}
