import type { StartRun } from '../api/api-backend.ts';
import type { LoadedConfig } from '../config/loaded-config.ts';
import type { Run } from '../contracts/run.ts';
import { formatRoughDuration } from '../foundation/duration.ts';
import { LogferryError } from '../foundation/logferry-error.ts';
import type { RunProgress } from '../runs/record-run.ts';
import type { CliContext } from './cli-context.ts';
import { loadCommandConfig } from './command-deps.ts';
import { openExecutor, type RunExecutor } from './execute-run.ts';
import { startProgress } from './output/progress.ts';
import { summarize, totalOf } from './output/run-summary.ts';
import { requireSource } from './require-source.ts';
import { momentArgument } from './time-argument.ts';

export interface BackfillOptions {
  readonly from?: string;
  readonly to?: string;
  readonly again?: boolean;
  readonly resume?: string | true;
}

/** `logferry backfill`: a bounded range, with a bar; interrupted, it tells how to go on. */
export async function runBackfill(
  cli: CliContext,
  source: string | undefined,
  options: BackfillOptions,
): Promise<void> {
  const config = await loadCommandConfig(cli);
  if (source !== undefined) requireSource(source, config.sources);
  const executor = await openExecutor(cli, config);
  try {
    const request = await requestOf(cli, executor, source, options);
    warnOfRewrittenTimes(cli, config, request);
    await execute(cli, executor, request);
  } finally {
    await executor.close();
  }
}

/** A DataKit files what is older than two hours under the present, unless it is told not to. */
function warnOfRewrittenTimes(cli: CliContext, config: LoadedConfig, { fromMillis }: StartRun): void {
  const ids = config.destinations
    .filter(({ definition }) => definition.type === 'datakit')
    .map(({ id }) => id);
  const isOld = fromMillis === undefined || fromMillis < cli.clock.now() - 2 * 3_600_000;
  if (ids.length === 0 || !isOld || cli.options.quiet) return;
  cli.stderr.write(
    `warning ${ids.join(', ')}: a DataKit gives records older than 2 h the present as their time, unless it runs with ENV_IO_AUTO_TIMESTAMP_CORRECTION=false.\n`,
  );
}

async function requestOf(
  cli: CliContext,
  executor: RunExecutor,
  source: string | undefined,
  { from, to, again = false, resume }: BackfillOptions,
): Promise<StartRun> {
  if (resume !== undefined) return await resumed(executor, source, resume);
  if (source === undefined || from === undefined) {
    throw new LogferryError('USAGE', 'A backfill needs a source and a begin.', {
      hint: 'logferry backfill <source> --from 2d [--to 1d], or logferry backfill --resume',
    });
  }
  const now = cli.clock.now();
  const fromMillis = momentArgument(from, now, cli.options.utc);
  const toMillis = to === undefined ? now : momentArgument(to, now, cli.options.utc);
  if (fromMillis > toMillis) throw new LogferryError('USAGE', '--from lies after --to.');
  return { kind: 'backfill', source, fromMillis, toMillis, again };
}

async function resumed(
  executor: RunExecutor,
  source: string | undefined,
  resume: string | true,
): Promise<StartRun> {
  const runs = await executor.listRuns(source);
  const backfills = runs.filter(({ kind }) => kind === 'backfill');
  const ended = new Set(backfills.filter(({ state }) => state === 'succeeded').map(nameOf));
  const wanted = backfills.find((run) =>
    resume === true ? run.state !== 'running' && !ended.has(nameOf(run)) : run.id === resume,
  );
  if (wanted === undefined) {
    throw new LogferryError('RUN_NOT_FOUND', 'There is no interrupted backfill to go on with.', {
      hint: '`logferry runs list` shows what there is.',
    });
  }
  return { kind: 'backfill', source: wanted.source, resumes: wanted.id };
}

/** An interrupted backfill and those that went on with it have one name. */
function nameOf({ id, parameters }: Run): string {
  return (parameters as { readonly name?: string } | undefined)?.name ?? id;
}

async function execute(cli: CliContext, executor: RunExecutor, request: StartRun): Promise<void> {
  const progress = startProgress(cli);
  const startedMillis = cli.clock.monotonic();
  let latest: RunProgress | undefined;
  try {
    const run = await executor.execute(request, (told) => {
      latest = told;
      progress.update(told.progress, describe(told, cli.clock.monotonic() - startedMillis));
    });
    progress.end();
    const total = totalOf([run]);
    if (cli.options.json) executor.output.write(`${JSON.stringify({ ...run.counts, run: run.id, total })}\n`);
    else executor.output.write(`${summarize(run.counts)}\ntotal ${total}\n`);
  } catch (thrown) {
    progress.end();
    if (latest !== undefined) {
      const share = latest.progress === undefined ? '' : ` at ${Math.floor(latest.progress * 100)} %`;
      cli.stderr.write(
        `Stopped${share}: ${summarize(latest.counts)}. Go on with: logferry backfill --resume\n`,
      );
    }
    throw thrown;
  }
}

/** `12,400 events · 3,100/s · 2m left` */
function describe({ counts, progress, waitsFor }: RunProgress, elapsedMillis: number): string {
  if (waitsFor !== undefined) return `waits: ${waitsFor}`;
  const rate = Math.round((counts.fetched / Math.max(1, elapsedMillis)) * 1000);
  const left =
    progress === undefined || progress < 0.01
      ? ''
      : ` · ${formatRoughDuration((elapsedMillis / progress) * (1 - progress))} left`;
  return `${counts.fetched.toLocaleString('en')} events · ${rate.toLocaleString('en')}/s${left}`;
}
