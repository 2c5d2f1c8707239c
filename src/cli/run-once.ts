import type { StartRun } from '../api/api-backend.ts';
import type { Run, RunCounts } from '../contracts/run.ts';
import { LogferryError } from '../foundation/logferry-error.ts';
import { NO_RUN_COUNTS } from '../runs/record-run.ts';
import type { CliContext, TextOutput } from './cli-context.ts';
import { loadCommandConfig } from './command-deps.ts';
import { dryRun } from './dry-run.ts';
import { openExecutor, type RunExecutor } from './execute-run.ts';
import { startProgress } from './output/progress.ts';
import { summarize, totalOf } from './output/run-summary.ts';
import { requireSource } from './require-source.ts';
import { momentArgument } from './time-argument.ts';

export interface RunOptions {
  readonly since?: string;
  readonly until?: string;
  readonly dryRun?: boolean;
}

/** `logferry run`: one collection now. Its last line on standard output is `total N`. */
export async function runOnce(cli: CliContext, source: string, options: RunOptions): Promise<void> {
  const config = await loadCommandConfig(cli);
  requireSource(source, config.sources);
  const now = cli.clock.now();
  const since = options.since === undefined ? undefined : momentArgument(options.since, now, cli.options.utc);
  const until = options.until === undefined ? undefined : momentArgument(options.until, now, cli.options.utc);
  if (until !== undefined && since === undefined)
    throw new LogferryError('USAGE', '--until needs --since.', {
      hint: `logferry run ${source} --since 1h --until now`,
    });
  if (since !== undefined && since > (until ?? now))
    throw new LogferryError('USAGE', '--since lies after the end.');
  if (options.dryRun === true) {
    await dryRun(cli, config, source, since, until);
    return;
  }
  const executor = await openExecutor(cli, config);
  try {
    await execute(cli, executor, requestsOf(source, since, until, now));
  } finally {
    await executor.close();
  }
}

/** A range that is given is read first, where it was not read before; without an end the ordinary collection follows. */
function requestsOf(
  source: string,
  since: number | undefined,
  until: number | undefined,
  now: number,
): readonly StartRun[] {
  const collect: StartRun = { kind: 'collect', source };
  if (since === undefined) return [collect];
  const range: StartRun = { kind: 'backfill', source, fromMillis: since, toMillis: until ?? now };
  return until === undefined ? [range, collect] : [range];
}

async function execute(cli: CliContext, executor: RunExecutor, requests: readonly StartRun[]): Promise<void> {
  const done: Pick<Run, 'counts'>[] = [];
  const progress = startProgress(cli);
  let latest: RunCounts = NO_RUN_COUNTS;
  try {
    for (const request of requests) {
      latest = NO_RUN_COUNTS;
      const run = await executor.execute(request, ({ counts, progress: share, waitsFor }) => {
        latest = counts;
        progress.update(share, waitsFor === undefined ? summarize(counts) : `waits: ${waitsFor}`);
      });
      done.push(run);
      latest = NO_RUN_COUNTS;
    }
  } finally {
    progress.end();
    // Also after a failure: what was read and delivered until then.
    tell(cli, executor.output, [...done, { counts: latest }]);
  }
}

function tell(cli: CliContext, output: TextOutput, runs: readonly Pick<Run, 'counts'>[]): void {
  const counts = runs.map((run) => run.counts).reduce(addCounts, NO_RUN_COUNTS);
  const total = totalOf(runs);
  if (cli.options.json) output.write(`${JSON.stringify({ ...counts, total })}\n`);
  else output.write(`${summarize(counts)}\ntotal ${total}\n`);
}

function addCounts(a: RunCounts, b: RunCounts): RunCounts {
  return {
    fetched: a.fetched + b.fetched,
    duplicate: a.duplicate + b.duplicate,
    committed: a.committed + b.committed,
    dropped: addEach(a.dropped, b.dropped),
    delivered: addEach(a.delivered, b.delivered),
    deadLetters: addEach(a.deadLetters, b.deadLetters),
  };
}

function addEach(
  a: Readonly<Record<string, number>>,
  b: Readonly<Record<string, number>>,
): Record<string, number> {
  const sum: Record<string, number> = { ...a };
  for (const [key, value] of Object.entries(b)) sum[key] = (sum[key] ?? 0) + value;
  return sum;
}
