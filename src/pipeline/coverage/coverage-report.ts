import { setImmediate } from 'node:timers/promises';
import { partitionTitle } from '../../aws/log-groups/log-group-partition.ts';
import {
  type AuditSummary,
  type Checkpoint,
  type Gap,
  isBackfillKey,
  liveKeyOf,
  type TimeRange,
} from '../../contracts/checkpoint.ts';
import { COUNTS_KEPT_MILLIS, type HourCounts, type StateStore } from '../../contracts/state-store.ts';
import { type LatenessSummary, summarizeLateness } from '../../source-kit/lateness.ts';
import {
  type CoverageSpan,
  type CoverageState,
  coverageByMinute,
  gapsOf,
  groupSpans,
  MINUTE_MILLIS,
  mergeSpans,
  minutesByState,
  wholeMinutes,
} from './coverage.ts';

export interface CoverageRequest extends TimeRange {
  /** Ids of the sources that are wanted. */
  readonly sources: readonly string[];
  /** Only log groups with this in their title. */
  readonly group?: string;
  /** How many cells a strip may have. */
  readonly maxCells: number;
  /** Log groups, in the order of their keys. */
  readonly limit: number;
  /** Only those whose key comes after this one. */
  readonly after?: string;
}

/** A range of time as a row of cells, all of one length: a character and two numbers each. */
export interface CoverageStrip {
  readonly cellMillis: number;
  /** A letter a cell, of CELL_LETTERS; where a cell is in several states, the one that asks most for a look. */
  readonly states: string;
  readonly liveEvents: readonly number[];
  readonly backfilledEvents: readonly number[];
}

export interface PartitionCoverage {
  readonly key: string;
  readonly source: string;
  readonly title: string;
  /** Where reading began, what is sealed, what was read at least once; undefined where only backfills have read. */
  readonly coveredFromMillis?: number;
  readonly watermarkMillis?: number;
  readonly headMillis?: number;
  readonly lateness?: LatenessSummary;
  /** What counting sealed minutes again has shown since reading began; findings that touch the range only. */
  readonly audits?: AuditSummary;
  readonly liveEvents: number;
  readonly backfilledEvents: number;
  readonly minutes: Readonly<Record<CoverageState, number>>;
  readonly spans: readonly CoverageSpan[];
  /** Those that touch the range, with their exact ends. */
  readonly gaps: readonly Gap[];
  readonly strip: CoverageStrip;
}

export interface CoverageReport extends TimeRange {
  /** Minutes before have states but no counts: these are kept for so long only. */
  readonly countsFromMillis: number;
  readonly partitions: readonly PartitionCoverage[];
  /** Partitions that come after the last one shown. */
  readonly leftOut: number;
}

export const CELL_LETTERS: Readonly<Record<CoverageState, string>> = {
  sealed: 's',
  backfilled: 'b',
  open: 'o',
  pending: 'p',
  unread: 'u',
  gap: 'g',
};

/** Lengths of a cell that a person can count with. */
const CELL_MINUTES = [1, 2, 5, 10, 15, 20, 30, 60, 120, 180, 240, 360, 720];
const DAY_MINUTES = 1440;

type Listed = Awaited<ReturnType<StateStore['list']>>[number];

interface Group {
  readonly source: string;
  readonly key: string;
  live: Checkpoint | undefined;
  readonly backfills: Listed[];
}

/** What the state store knows of each minute of the log groups of some sources. Changes nothing. */
export async function reportCoverage(
  store: Pick<StateStore, 'list' | 'counts'>,
  request: CoverageRequest,
  nowMillis: number,
): Promise<CoverageReport> {
  const range = wholeMinutes(request, nowMillis);
  const countsFromMillis = nowMillis - COUNTS_KEPT_MILLIS;
  const { fromMillis, toMillis } = request;
  if (range === undefined) return { fromMillis, toMillis, countsFromMillis, partitions: [], leftOut: 0 };
  const { after = '', group: wanted = '', limit, maxCells } = request;
  const groups = (await groupsOf(store, request.sources)).filter(
    ({ key }) => key > after && partitionTitle(key).includes(wanted),
  );
  const partitions: PartitionCoverage[] = [];
  for (const group of groups.slice(0, limit)) {
    partitions.push(await coverageOf(store, group, range, maxCells));
    // Two weeks of a thousand groups take a while: deliveries and other requests have their turn in between.
    await setImmediate();
  }
  return { ...range, countsFromMillis, partitions, leftOut: Math.max(0, groups.length - limit) };
}

async function groupsOf(store: Pick<StateStore, 'list'>, sources: readonly string[]): Promise<Group[]> {
  const groups = new Map<string, Group>();
  for (const source of sources) {
    for (const listed of await store.list(`${source}|`)) {
      const key = liveKeyOf(listed.key);
      const group = groups.get(key) ?? { source, key, live: undefined, backfills: [] };
      groups.set(key, group);
      if (isBackfillKey(listed.key)) group.backfills.push(listed);
      else group.live = listed.checkpoint;
    }
  }
  return [...groups.values()].toSorted((a, b) => (a.key < b.key ? -1 : 1));
}

async function coverageOf(
  store: Pick<StateStore, 'counts'>,
  { source, key, live, backfills }: Group,
  range: TimeRange,
  maxCells: number,
): Promise<PartitionCoverage> {
  const backfillCounts: HourCounts[] = [];
  for (const backfill of backfills) backfillCounts.push(...(await store.counts(backfill.key, range)));
  const reading = { live, backfills: backfills.map(({ checkpoint }) => checkpoint) };
  const liveCounts = await store.counts(key, range);
  const minutes = coverageByMinute({ ...reading, liveCounts, backfillCounts }, range);
  return {
    key,
    source,
    title: partitionTitle(key),
    ...(live !== undefined && {
      coveredFromMillis: live.coveredFromMillis,
      watermarkMillis: live.watermarkMillis,
      headMillis: live.headMillis,
      lateness: summarizeLateness(live.lateness),
      ...(live.audits !== undefined && { audits: auditsIn(live.audits, range) }),
    }),
    liveEvents: minutes.reduce((sum, { liveEvents }) => sum + liveEvents, 0),
    backfilledEvents: minutes.reduce((sum, { backfilledEvents }) => sum + backfilledEvents, 0),
    minutes: minutesByState(reading, range),
    spans: mergeSpans(minutes),
    gaps: gapsOf(reading).filter(
      (gap) => gap.fromMillis <= range.toMillis && gap.toMillis >= range.fromMillis,
    ),
    strip: stripOf(minutes, maxCells),
  };
}

function auditsIn(audits: AuditSummary, { fromMillis, toMillis }: TimeRange): AuditSummary {
  const isInside = (minute: number) => minute >= fromMillis && minute <= toMillis;
  return { ...audits, findings: audits.findings.filter(({ minuteMillis }) => isInside(minuteMillis)) };
}

function stripOf(minutes: readonly CoverageSpan[], maxCells: number): CoverageStrip {
  const wanted = minutes.length / maxCells;
  const size = CELL_MINUTES.find((one) => one >= wanted) ?? Math.ceil(wanted / DAY_MINUTES) * DAY_MINUTES;
  const cells = groupSpans(minutes, size);
  return {
    cellMillis: size * MINUTE_MILLIS,
    states: cells.map(({ state }) => CELL_LETTERS[state]).join(''),
    liveEvents: cells.map(({ liveEvents }) => liveEvents),
    backfilledEvents: cells.map(({ backfilledEvents }) => backfilledEvents),
  };
}
