import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { LoadedConfig } from '../config/loaded-config.ts';
import { END_STATES, type Run, type RunStore } from '../contracts/run.ts';
import { formatRoughDuration } from '../foundation/duration.ts';
import { LogferryError } from '../foundation/logferry-error.ts';
import { silentLogger } from '../foundation/logger.ts';
import { LOST_AFTER_MILLIS } from '../runs/record-run.ts';
import { openSqliteState, STATE_FILE } from '../state/sqlite/open-sqlite-state.ts';
import type { CliContext } from './cli-context.ts';
import { loadCommandConfig } from './command-deps.ts';
import { formatTime } from './output/format-time.ts';
import { type Paint, painter, type Style, safeText } from './output/paint.ts';
import { startProgress } from './output/progress.ts';
import { summarize } from './output/run-summary.ts';
import { renderColumns } from './output/table.ts';

const WATCH_MILLIS = 500;
const STYLES: Readonly<Record<Run['state'], Style>> = {
  queued: 'dim',
  running: 'cyan',
  succeeded: 'green',
  failed: 'red',
  timed_out: 'red',
  cancelled: 'yellow',
  skipped: 'dim',
  lost: 'red',
};

export async function listRuns(
  cli: CliContext,
  options: { readonly source?: string; readonly limit: string },
): Promise<void> {
  const limit = Number(options.limit);
  if (!Number.isInteger(limit) || limit < 1 || limit > 1000)
    throw new LogferryError('USAGE', '--limit is a whole number from 1 to 1000.');
  await withRuns(cli, async (store) => {
    const found = await store.list({
      limit,
      ...(options.source !== undefined && { source: options.source }),
    });
    const runs = found.map((run) => seen(run, cli.clock.now()));
    if (cli.options.json) cli.stdout.write(`${JSON.stringify({ runs })}\n`);
    else if (runs.length === 0) cli.stderr.write('Nothing ran yet: `logferry run <source>` collects once.\n');
    else cli.stdout.write(table(runs, cli));
  });
}

export async function viewRun(
  cli: CliContext,
  id: string,
  options: { readonly exitStatus?: boolean },
): Promise<void> {
  await withRuns(cli, async (store) => {
    const run = seen(await getRun(store, id), cli.clock.now());
    tell(cli, run);
    judge(run, options);
  });
}

export async function watchRun(
  cli: CliContext,
  id: string,
  options: { readonly exitStatus?: boolean },
): Promise<void> {
  await withRuns(cli, async (store) => {
    const progress = startProgress(cli);
    for (;;) {
      const run = seen(await getRun(store, id), cli.clock.now());
      if (END_STATES.includes(run.state)) {
        progress.end();
        tell(cli, run);
        judge(run, options);
        return;
      }
      progress.update(run.progress, summarize(run.counts));
      await cli.clock.sleep(WATCH_MILLIS, cli.signal);
    }
  });
}

async function withRuns(cli: CliContext, work: (store: RunStore) => Promise<void>): Promise<void> {
  const config = await loadCommandConfig(cli);
  if (!existsSync(join(config.dataDir, STATE_FILE))) {
    await work(NO_RUNS);
    return;
  }
  const state = await openSqliteState({ ...stateSettings(config), clock: cli.clock, readOnly: true });
  try {
    await work(state.runs);
  } finally {
    await state.close();
  }
}

function stateSettings(config: LoadedConfig) {
  return {
    dir: config.dataDir,
    logger: silentLogger,
    maxSpoolBytes: config.spool.maxBytes,
    owner: 'logferry runs',
  };
}

const NO_RUNS: RunStore = {
  create: () => Promise.resolve(),
  update: () => Promise.resolve(undefined),
  get: () => Promise.resolve(undefined),
  list: () => Promise.resolve([]),
};

async function getRun(store: RunStore, id: string): Promise<Run> {
  const run = await store.get(id);
  if (run !== undefined) return run;
  throw new LogferryError('RUN_NOT_FOUND', `There is no run ${id}.`, {
    hint: '`logferry runs list` shows what there is.',
  });
}

/** A run whose process went silent is lost; the next process on the data folder writes it down. */
function seen(run: Run, nowMillis: number): Run {
  const isSilent = nowMillis - (run.heartbeatAtMillis ?? run.createdAtMillis) > LOST_AFTER_MILLIS;
  return run.state === 'running' && isSilent ? { ...run, state: 'lost' } : run;
}

function judge(run: Run, { exitStatus }: { readonly exitStatus?: boolean }): void {
  if (exitStatus === true && run.state !== 'succeeded')
    throw new LogferryError('INTERNAL', `The run ended as ${run.state}.`);
}

function tell(cli: CliContext, run: Run): void {
  if (cli.options.json) {
    cli.stdout.write(`${JSON.stringify(run)}\n`);
    return;
  }
  const time = (millis: number | undefined) =>
    millis === undefined ? '–' : formatTime(millis, cli.options.utc);
  const rows: (readonly [string, string])[] = [
    ['run', run.id],
    ['kind', run.kind],
    ['source', run.source],
    ['state', painter(cli)(STYLES[run.state], run.state)],
    ['started', time(run.startedAtMillis)],
    ['ended', time(run.endedAtMillis)],
    ['counts', summarize(run.counts)],
  ];
  if (run.fromMillis !== undefined) rows.push(['range', `${time(run.fromMillis)} – ${time(run.toMillis)}`]);
  if (run.error !== undefined) rows.push(['error', safeText(`${run.error} (${run.errorCode ?? 'unknown'})`)]);
  cli.stdout.write(rows.map(([name, value]) => `${name.padEnd(8)} ${value}\n`).join(''));
}

function table(runs: readonly Run[], cli: CliContext): string {
  const paint: Paint = painter(cli);
  const rows = runs.map((run) => [
    run.id,
    paint(STYLES[run.state], run.state),
    run.kind,
    run.source,
    formatTime(run.createdAtMillis, cli.options.utc).slice(0, 19),
    run.endedAtMillis === undefined ? '' : formatRoughDuration(run.endedAtMillis - run.createdAtMillis),
    summarize(run.counts),
  ]);
  return renderColumns(['RUN', 'STATE', 'KIND', 'SOURCE', 'BEGAN', 'TOOK', 'COUNTS'], rows, paint);
}
