import type { BacklogRun } from '../run/run-backlog.ts';
import type { Scenario } from '../worker/scenario.ts';
import { waitedShareOf } from '../worker/waited-seconds.ts';

/** Medians of a scenario's runs. */
export interface Summary {
  readonly scenario: string;
  readonly title: string;
  readonly runs: number;
  readonly records: number;
  readonly seconds: number;
  readonly recordsPerSecond: number;
  readonly slowestRecordsPerSecond: number;
  readonly fastestRecordsPerSecond: number;
  /** User and system, the log store's engine included, for a million records. */
  readonly cpuSecondsPerMillion: number;
  /** Of that, the log store's engine. */
  readonly childCpuSecondsPerMillion: number;
  readonly cpuSeconds: number;
  readonly beginRssBytes: number;
  readonly peakRssBytes: number;
  readonly childPeakRssBytes: number;
  readonly loopDelayP99Millis: number | undefined;
  /** The longest of all runs. */
  readonly loopDelayMaxMillis: number | undefined;
  /** Of the time, the share in which the main thread was ready to run and had no core. */
  readonly waitedShare: number | undefined;
  readonly requests: number;
  /** How much of the time the two processes of the other side were at work: near 1, they are what is measured. */
  readonly endpointBusy: number;
  readonly datakitBusy: number;
  readonly datakitBytesPerRecord: number;
}

export function summarise(scenarios: readonly Scenario[], runs: readonly BacklogRun[]): readonly Summary[] {
  return scenarios.flatMap((scenario) => {
    const own = runs.filter((run) => run.scenario === scenario.name);
    return own.length === 0 ? [] : [summaryOf(scenario, own)];
  });
}

function summaryOf({ name, title }: Scenario, runs: readonly BacklogRun[]): Summary {
  const of = (value: (run: BacklogRun) => number) => median(runs.map(value));
  const speeds = runs.map((run) => run.records / run.seconds);
  const cpuSeconds = (run: BacklogRun) => run.cpuUserSeconds + run.cpuSystemSeconds + run.childCpuSeconds;
  return {
    scenario: name,
    title,
    runs: runs.length,
    records: of((run) => run.records),
    seconds: of((run) => run.seconds),
    recordsPerSecond: median(speeds),
    slowestRecordsPerSecond: Math.min(...speeds),
    fastestRecordsPerSecond: Math.max(...speeds),
    cpuSecondsPerMillion: of((run) => perMillion(cpuSeconds(run), run)),
    childCpuSecondsPerMillion: of((run) => perMillion(run.childCpuSeconds, run)),
    cpuSeconds: of(cpuSeconds),
    beginRssBytes: of((run) => run.beginRssBytes),
    peakRssBytes: of((run) => run.peakRssBytes),
    childPeakRssBytes: of((run) => run.childPeakRssBytes),
    loopDelayP99Millis: whereKnown(
      runs.map((run) => run.loopDelayP99Millis),
      median,
    ),
    loopDelayMaxMillis: whereKnown(
      runs.map((run) => run.loopDelayMaxMillis),
      (all) => Math.max(...all),
    ),
    waitedShare: whereKnown(runs.map(waitedShareOf), median),
    requests: of((run) => run.requests),
    endpointBusy: of((run) => run.endpointCpuSeconds / run.seconds),
    datakitBusy: of((run) => run.datakitCpuSeconds / run.seconds),
    datakitBytesPerRecord: of((run) => (run.points === 0 ? 0 : run.datakitBytes / run.records)),
  };
}

const perMillion = (value: number, { records }: BacklogRun) => (records === 0 ? 0 : (value / records) * 1e6);

function whereKnown(
  values: readonly (number | undefined)[],
  of: (known: readonly number[]) => number,
): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : of(known);
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}
