import { formatByteSize } from '../../foundation/byte-size.ts';
import { formatRoughDuration } from '../../foundation/duration.ts';
import type { PipelineStatus } from '../../pipeline/pipeline.ts';
import type { CliContext } from '../cli-context.ts';
import type { KeptReport, LiveReport, StatusReport } from '../status/status-report.ts';
import { formatTime } from './format-time.ts';
import { type Paint, painter, type Style, safeText } from './paint.ts';
import { renderColumns } from './table.ts';

const STYLES: Readonly<Record<string, Style>> = {
  ok: 'green',
  collecting: 'green',
  delivering: 'green',
  idle: 'green',
  degraded: 'yellow',
  retrying: 'yellow',
  blocked: 'red',
  failed: 'red',
};
const NONE = '–';

export function statusText(report: StatusReport, cli: CliContext, nowMillis: number): string {
  const paint = painter(cli);
  const parts = report.isRunning
    ? [
        liveHead(report, cli, paint, nowMillis),
        liveSources(report, paint),
        liveDestinations(report, paint, nowMillis),
      ]
    : [
        keptHead(report, cli, paint),
        keptSources(report, cli, paint),
        keptDestinations(report, paint, nowMillis),
      ];
  return `${[...parts, spoolLine(report.spool)].filter((part) => part !== '').join('\n')}`;
}

function liveHead(report: LiveReport, cli: CliContext, paint: Paint, nowMillis: number): string {
  const { version, pid, startedAtMillis, url, health, problems } = report;
  const since = formatTime(startedAtMillis, cli.options.utc).slice(0, 19);
  const up = formatRoughDuration(nowMillis - startedAtMillis);
  const head = `Logferry ${version} is ${styled(health, paint)}, up ${up} since ${since} (process ${pid}, ${url})\n`;
  return head + problems.map((problem) => `  ${paint('yellow', '!')} ${safeText(problem)}\n`).join('');
}

function keptHead({ usedBy }: KeptReport, cli: CliContext, paint: Paint): string {
  const who = usedBy === undefined ? '' : `; ${usedBy.command} (process ${usedBy.pid}) works on it`;
  return cli.options.quiet ? '' : paint('dim', `No server runs on this data folder${who}. It holds:\n`);
}

function liveSources({ sources }: LiveReport, paint: Paint): string {
  const rows = sources.map(({ id, state, partitions, lagMillis }) => [
    id,
    styled(state, paint),
    String(partitions.length),
    lagMillis === undefined ? NONE : formatRoughDuration(lagMillis),
    horizons(partitions.flatMap(({ lateness }) => lateness?.horizonMillis ?? [])),
  ]);
  return table(['SOURCE', 'STATE', 'LOG GROUPS', 'LAG', 'HORIZON'], rows, paint);
}

function liveDestinations({ destinations }: LiveReport, paint: Paint, nowMillis: number): string {
  const rows = destinations.map(({ id, state, waiting, delivered }) => [
    id,
    styled(state.kind, paint),
    waiting.waitingRecords.toLocaleString('en'),
    age(waiting.oldestMillis, nowMillis),
    delivered.toLocaleString('en'),
    deadLetters(waiting.deadLetters, paint),
  ]);
  const text = table(['DESTINATION', 'STATE', 'WAITING', 'OLDEST', 'DELIVERED', 'DEAD LETTERS'], rows, paint);
  return text + destinations.map((one) => lastError(one, paint, nowMillis)).join('');
}

/** Stays after it was overcome; then it is greyed. */
function lastError(
  { id, state, lastError: error }: PipelineStatus['destinations'][number],
  paint: Paint,
  nowMillis: number,
): string {
  if (error === undefined) return '';
  const isNow = state.kind === 'retrying' || state.kind === 'failed';
  const text = safeText(`${error.reason}: ${error.detail}`).replaceAll('\n', ' ');
  const line = `  ${id}: last error ${age(error.atMillis, nowMillis)} ago, ${text}`;
  if (!isNow) return paint('dim', `${line} (overcome)\n`);
  return `${line}\n    ${paint('cyan', 'next')} ${safeText(error.fix)}\n`;
}

function keptSources({ sources }: KeptReport, cli: CliContext, paint: Paint): string {
  const rows = sources.map(({ id, partitions }) => {
    const heads = partitions.map(({ headMillis }) => headMillis);
    const oldest = heads.length === 0 ? undefined : heads.reduce((a, b) => Math.min(a, b));
    return [
      id,
      String(partitions.length),
      oldest === undefined ? NONE : formatTime(oldest, cli.options.utc).slice(0, 19),
      horizons(partitions.map(({ horizonMillis }) => horizonMillis)),
    ];
  });
  return table(['SOURCE', 'LOG GROUPS', 'READ UP TO', 'HORIZON'], rows, paint);
}

function keptDestinations({ destinations }: KeptReport, paint: Paint, nowMillis: number): string {
  const rows = destinations.map(({ id, waiting }) => [
    id,
    waiting.waitingRecords.toLocaleString('en'),
    age(waiting.oldestMillis, nowMillis),
    deadLetters(waiting.deadLetters, paint),
  ]);
  return table(['DESTINATION', 'WAITING', 'OLDEST', 'DEAD LETTERS'], rows, paint);
}

function spoolLine({ usedBytes, maxBytes }: StatusReport['spool']): string {
  const share = ((usedBytes / maxBytes) * 100).toFixed(1);
  return `Spool: ${formatByteSize(usedBytes)} of ${formatByteSize(maxBytes)} (${share} %)\n`;
}

function table(titles: readonly string[], rows: readonly (readonly string[])[], paint: Paint): string {
  return rows.length === 0 ? '' : renderColumns(titles, rows, paint);
}

const styled = (word: string, paint: Paint) => paint(STYLES[word] ?? 'dim', word);
const deadLetters = (records: number, paint: Paint) =>
  records === 0 ? '0' : paint('yellow', records.toLocaleString('en'));
const age = (millis: number | undefined, nowMillis: number) =>
  millis === undefined ? NONE : formatRoughDuration(Math.max(0, nowMillis - millis));

/** `1m`, or from the shortest to the longest: `1m – 5m`. */
function horizons(millis: readonly number[]): string {
  if (millis.length === 0) return NONE;
  const least = formatRoughDuration(millis.reduce((a, b) => Math.min(a, b)));
  const most = formatRoughDuration(millis.reduce((a, b) => Math.max(a, b)));
  return least === most ? least : `${least} – ${most}`;
}
