import type { NamedBudgetStatus } from '../aws/budget/request-budgets.ts';
import type { Run, RunState } from '../contracts/run.ts';
import type { CoverageReport } from '../pipeline/coverage/coverage-report.ts';
import type { ExplainRequest, Explanation } from '../pipeline/explain/explanation.ts';
import type { PipelineStatus } from '../pipeline/pipeline.ts';
import type { DeadLetterBackend } from './dead-letter-backend.ts';
import type { LogBackend } from './logs/log-backend.ts';

/** What the HTTP API needs of the program behind it. */
export interface ApiBackend {
  readonly version: string;
  readonly startedAtMillis: number;
  status(): Promise<PipelineStatus>;
  /** The request budgets in use, one for each account, Region and API. */
  budgets(): readonly NamedBudgetStatus[];
  readonly metrics: { readonly contentType: string; render(): Promise<string> };
  listRuns(filter: {
    readonly source?: string;
    readonly states?: readonly RunState[];
    readonly limit: number;
  }): Promise<readonly Run[]>;
  getRun(id: string): Promise<Run | undefined>;
  /** Begins it and resolves when its row is there. Throws USAGE for an unknown source, or one that is busy. */
  startRun(request: StartRun): Promise<Run>;
  cancelRun(id: string): boolean;
  /** Throws USAGE for an unknown source, and a range that is too long. */
  coverage(query: CoverageQuery): Promise<CoverageReport>;
  /** Throws USAGE for a name that several log groups answer to. */
  explain(query: ExplainQuery, signal: AbortSignal): Promise<Explanation>;
  readonly deadLetters: DeadLetterBackend;
  readonly logs: LogBackend;
}

/** What became of the events of a log group. */
export interface ExplainQuery extends ExplainRequest {
  readonly group: string;
}

export const MAX_COVERAGE_DAYS = 31;

export interface CoverageQuery {
  /** Default: all. */
  readonly source?: string;
  /** Only log groups with this in their title. */
  readonly group?: string;
  /** Default: 24 hours before the end. */
  readonly fromMillis?: number;
  /** Default: now. */
  readonly toMillis?: number;
  readonly maxCells: number;
  readonly limit: number;
  readonly after?: string;
}

export interface StartRun {
  readonly kind: 'collect' | 'backfill';
  readonly source: string;
  readonly fromMillis?: number;
  readonly toMillis?: number;
  readonly again?: boolean;
  readonly resumes?: string;
}
