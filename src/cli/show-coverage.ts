import type { CoverageQuery } from '../api/api-backend.ts';
import { coverageRequest } from '../app/coverage-request.ts';
import type { StateStore } from '../contracts/state-store.ts';
import { LogferryError } from '../foundation/logferry-error.ts';
import {
  type CoverageReport,
  type CoverageRequest,
  type PartitionCoverage,
  reportCoverage,
} from '../pipeline/coverage/coverage-report.ts';
import type { CliContext } from './cli-context.ts';
import { loadCommandConfig } from './command-deps.ts';
import { coverageSummary, coverageText, legendText, rangeText } from './output/coverage-text.ts';
import { momentArgument } from './time-argument.ts';
import { withState } from './with-state.ts';

export interface CoverageOptions {
  readonly from?: string;
  readonly to?: string;
  readonly group?: string;
  readonly exitStatus?: boolean;
}

/** Log groups that are looked up and printed at once. */
const GROUPS_AT_ONCE = 50;
const MAX_CELLS_JSON = 1440;
const PLAIN_COLUMNS = 80;
const MAX_COLUMNS = 160;
const INDENT = 2;

/** `logferry coverage`: what the data folder knows of each minute, also beside a server that works on it. */
export async function showCoverage(
  cli: CliContext,
  source: string | undefined,
  options: CoverageOptions,
): Promise<void> {
  const config = await loadCommandConfig(cli);
  const nowMillis = cli.clock.now();
  const request = coverageRequest(queryOf(cli, source, options, nowMillis), config.sources, nowMillis);
  await withState(cli, config, async (store) => {
    const totals = cli.options.json
      ? await printJson(cli, store, request, nowMillis)
      : await printText(cli, store, request, nowMillis);
    const { groups, bad } = totals;
    if (options.exitStatus === true && bad > 0) {
      throw new LogferryError(
        'COVERAGE_GAP',
        `${bad} of ${groups} log groups have gaps, or lack events that an audit missed.`,
      );
    }
  });
}

interface Totals {
  groups: number;
  withGaps: number;
  gapMinutes: number;
  /** With findings of audits that were not repaired. */
  lacking: number;
  /** Either of the two. */
  bad: number;
}

const noTotals = (): Totals => ({ groups: 0, withGaps: 0, gapMinutes: 0, lacking: 0, bad: 0 });

function queryOf(
  cli: CliContext,
  source: string | undefined,
  { from, to, group }: CoverageOptions,
  nowMillis: number,
): CoverageQuery {
  const moment = (text: string) => momentArgument(text, nowMillis, cli.options.utc);
  const columns = Math.min(cli.stdout.columns ?? PLAIN_COLUMNS, MAX_COLUMNS);
  return {
    ...(source !== undefined && { source }),
    ...(group !== undefined && { group }),
    ...(from !== undefined && { fromMillis: moment(from) }),
    ...(to !== undefined && { toMillis: moment(to) }),
    maxCells: cli.options.json ? MAX_CELLS_JSON : Math.max(1, columns - INDENT),
    limit: GROUPS_AT_ONCE,
  };
}

/** Of thousands of log groups only a few are in memory at once. */
async function* reports(
  cli: CliContext,
  store: StateStore | undefined,
  request: CoverageRequest,
  nowMillis: number,
): AsyncGenerator<CoverageReport> {
  const empty = { list: () => Promise.resolve([]), counts: () => Promise.resolve([]) };
  for (let after = ''; ; ) {
    cli.signal.throwIfAborted();
    const report = await reportCoverage(store ?? empty, { ...request, after }, nowMillis);
    yield report;
    const last = report.partitions.at(-1);
    if (report.leftOut === 0 || last === undefined) return;
    after = last.key;
  }
}

async function printText(
  cli: CliContext,
  store: StateStore | undefined,
  request: CoverageRequest,
  nowMillis: number,
): Promise<Totals> {
  const totals = noTotals();
  for await (const report of reports(cli, store, request, nowMillis)) {
    for (const partition of report.partitions) {
      if (totals.groups === 0) await print(cli, rangeText(cli, report, partition.strip.cellMillis));
      count(totals, partition);
      await print(cli, coverageText(cli, partition));
    }
  }
  if (totals.groups > 0) await print(cli, `\n${legendText(cli)}\n${coverageSummary(totals)}\n`);
  else cli.stderr.write(nothingText(request));
  return totals;
}

function nothingText({ group }: CoverageRequest): string {
  return group === undefined
    ? 'Nothing was read yet: `logferry up` collects, `logferry run <source>` does so once.\n'
    : `No log group that was read has "${group}" in its name.\n`;
}

/** One object, in the shape that the API answers with, written piece by piece. */
async function printJson(
  cli: CliContext,
  store: StateStore | undefined,
  request: CoverageRequest,
  nowMillis: number,
): Promise<Totals> {
  const totals = noTotals();
  let isFirst = true;
  for await (const { partitions, leftOut: _, ...range } of reports(cli, store, request, nowMillis)) {
    if (isFirst) await print(cli, `${JSON.stringify(range).slice(0, -1)},"partitions":[`);
    isFirst = false;
    for (const partition of partitions) {
      await print(cli, `${totals.groups === 0 ? '' : ','}${JSON.stringify(partition)}`);
      count(totals, partition);
    }
  }
  await print(cli, '],"leftOut":0}\n');
  return totals;
}

function count(totals: Totals, { minutes, gaps, audits }: PartitionCoverage): void {
  const isLacking = audits?.findings.some(({ missing, repaired }) => repaired < missing) === true;
  totals.groups++;
  totals.gapMinutes += minutes.gap;
  if (gaps.length > 0) totals.withGaps++;
  if (isLacking) totals.lacking++;
  if (gaps.length > 0 || isLacking) totals.bad++;
}

async function print(cli: CliContext, text: string): Promise<void> {
  if (cli.stdout.write(text)) return;
  await new Promise<void>((resolve) => {
    cli.stdout.once('drain', resolve);
  });
}
