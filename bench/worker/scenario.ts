import type { TimeRange } from '../../src/contracts/checkpoint.ts';
import type { ArrivalReport } from '../load/live/arrivals.ts';
import type { LivePlan } from '../load/live/live-plan.ts';
import type { RequestReport } from '../load/live/request-counts.ts';
import type { Measured } from './meter.ts';

export type Scenario = BacklogScenario | ProgramScenario | LiveScenario | ResumedScenario;

/** Reads a log group that is there already, to the end, as fast as it can. */
export interface BacklogScenario {
  readonly kind: 'backlog';
  readonly name: string;
  /** One line for the report. */
  readonly title: string;
  /** Loads what it needs: a process has only that in memory which its scenario uses. */
  open(surroundings: Surroundings): Promise<Opened>;
}

/** Reads the same with a program that is not ours to load, which tells what it took. */
export interface ProgramScenario {
  readonly kind: 'program';
  readonly name: string;
  readonly title: string;
  /** How often it is run at most, however often the others are. */
  readonly maxRuns: number;
  /** Answers why not where it cannot run. */
  prepare(): Program | { readonly missing: string };
}

export interface Program {
  run(surroundings: Surroundings, signal: AbortSignal): Promise<Measured & Done>;
}

/** Follows log groups in which something happens, or nothing, at the product's own pace. */
export interface LiveScenario {
  readonly kind: 'live';
  readonly name: string;
  readonly title: string;
  /** `simulated`: both sides are in one process, whose CPU and memory say nothing. */
  readonly time: 'machine' | 'simulated';
  /** What happens when, from now on. `isQuick`: only to see that it works. */
  plan(startMillis: number, isQuick: boolean): LivePlan;
  open(surroundings: LiveSurroundings): Promise<Opened>;
  figures(outcome: LiveOutcome): readonly Figure[];
}

/** Is killed in the middle, by SIGKILL, and begun again on the data folder that it left. */
export interface ResumedScenario {
  readonly kind: 'resumed';
  readonly name: string;
  readonly title: string;
  /** `records`: of the backlog, which it goes by. */
  plan(startMillis: number, records: number): LivePlan;
  /** Of the pages that there are, so many are served before the kill. */
  readonly killAfterShare: number;
  open(surroundings: ResumedSurroundings): Promise<Opened>;
  figures(outcome: LiveOutcome): readonly Figure[];
}

/** Where the other side is. What a scenario is told passes through the command line of its process, as JSON. */
export interface Addresses {
  readonly awsUrl: string;
  readonly datakitUrl: string;
  /** A folder for this run alone; removed afterwards. */
  readonly dir: string;
}

export interface Surroundings extends Addresses {
  /** Events that the log group holds, the oldest and the newest of them. */
  readonly records: number;
  readonly fromMillis: number;
  readonly toMillis: number;
}

export interface LiveSurroundings extends Addresses {
  readonly plan: LivePlan;
}

export interface ResumedSurroundings extends LiveSurroundings {
  /** The one before was killed. */
  readonly isResumed: boolean;
}

/** What a scenario did, and what the benchmark holds against it. */
export interface Done {
  /** Log events read. Joined lines are several of them. */
  readonly records: number;
  /** Points that the DataKit stand-in must have counted. */
  readonly points: number;
  /** Requests to AWS. */
  readonly requests: number;
  /** What the other side saw, where it is in the same process. */
  readonly reports?: LiveReports;
  /** What was known to be read when it was begun again. */
  readonly coveredBefore?: readonly TimeRange[];
}

/** What the other side of a live scenario saw. */
export interface LiveReports {
  readonly requests: RequestReport;
  readonly arrivals: ArrivalReport;
}

/** Open: modules are loaded, state and connections are there. Only `run` is measured. */
export interface Opened {
  run(): Promise<Done>;
  close(): Promise<void>;
}

/** What is known after a live scenario: of the process that was measured, and of the other side. */
export interface LiveOutcome extends LiveReports {
  readonly plan: LivePlan;
  readonly worker: Measured & Done;
}

/** One thing that was seen. */
export interface Figure {
  readonly what: string;
  readonly seen: string;
  readonly target?: Target;
}

export interface Target {
  readonly asked: string;
  /** Undefined where others kept the cores, so that it cannot be told. */
  readonly isMet: boolean | undefined;
}
