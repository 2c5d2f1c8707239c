import { confirm, isCancel } from '@clack/prompts';
import type { DeadLetterList, DiscardResult } from '../../api/dead-letter-backend.ts';
import { discardDeadLetters, listDeadLetters } from '../../app/kept-dead-letters.ts';
import type { LoadedConfig } from '../../config/loaded-config.ts';
import { LogferryError } from '../../foundation/logferry-error.ts';
import { openSqliteState } from '../../state/sqlite/open-sqlite-state.ts';
import type { CliContext } from '../cli-context.ts';
import { COMMAND_LOG, commandDeps, loadCommandConfig } from '../command-deps.ts';
import { hereOrByServer } from '../here-or-by-server.ts';
import { startProgress } from '../output/progress.ts';
import { callServer } from '../server-client.ts';
import { withState } from '../with-state.ts';
import { tellReasons } from './list-dead-letters.ts';
import { requireDestination } from './require-destination.ts';
import type { ChosenOptions } from './send-dead-letters.ts';

export interface DiscardOptions extends ChosenOptions {
  readonly yes?: boolean;
}

interface Chosen {
  readonly reason?: string;
  readonly throughId: number;
}

/** `logferry dead-letters discard`: gives up those that are there now, asked before; what comes meanwhile stays. */
export async function runDiscardDeadLetters(
  cli: CliContext,
  destination: string,
  options: DiscardOptions,
): Promise<void> {
  const { reason } = options;
  const config = await loadCommandConfig(cli);
  requireDestination(destination, config.destinations);
  const list = await withState(
    cli,
    config,
    async (state) => state && (await listDeadLetters(state.spool, destination, { limit: 1 })),
  );
  const count = (reason === undefined ? list?.kept : list?.reasons[reason]) ?? 0;
  const newest = list?.deadLetters[0];
  if (list === undefined || newest === undefined || count === 0) {
    if (!cli.options.quiet) tellReasons(cli, list ?? { destination, kept: 0, reasons: {} }, reason);
    tell(cli, destination, 0, list?.kept ?? 0);
    return;
  }
  if (!(await isConfirmed(cli, list, count, options))) {
    tell(cli, destination, 0, list.kept);
    return;
  }
  const chosen = { ...(reason !== undefined && { reason }), throughId: newest.id };
  const discarder = await hereOrByServer(cli, config, {
    here: () => discardHere(cli, config, destination, chosen),
    byServer: () => discardByServer(config, destination, chosen),
    told: 'discards them',
  });
  const progress = startProgress(cli);
  let discarded = 0;
  let { kept: left } = list;
  try {
    for (let isMore = true; isMore; ) {
      cli.signal.throwIfAborted();
      const result = await discarder.some();
      discarded += result.discarded;
      ({ isMore, left } = result);
      progress.update(discarded / count, `discarded ${discarded}`);
    }
  } finally {
    progress.end();
    await discarder.close();
    tell(cli, destination, discarded, left);
  }
}

async function isConfirmed(
  cli: CliContext,
  list: DeadLetterList,
  count: number,
  { yes, reason }: DiscardOptions,
): Promise<boolean> {
  if (yes === true) return true;
  const { destination } = list;
  const what = `${count.toLocaleString('en')} dead ${count === 1 ? 'letter' : 'letters'}`;
  if (cli.options.json || !process.stdin.isTTY || cli.stderr.isTTY !== true)
    throw new LogferryError('USAGE', `Discarding ${what} of "${destination}" has to be confirmed.`, {
      hint: 'Add --yes. What is discarded cannot be brought back.',
    });
  tellReasons(cli, list, reason);
  const of = reason === undefined ? '' : ` that were refused for ${reason}`;
  const message = `Discard ${what} of ${destination}${of}? They cannot be brought back.`;
  const answer = await confirm({ message, initialValue: false, output: process.stderr, signal: cli.signal });
  return !isCancel(answer) && answer;
}

interface Discarder {
  some(): Promise<DiscardResult>;
  close(): Promise<void>;
}

async function discardHere(
  cli: CliContext,
  config: LoadedConfig,
  destination: string,
  chosen: Chosen,
): Promise<Discarder> {
  const { logger } = commandDeps(cli, COMMAND_LOG);
  const state = await openSqliteState({
    dir: config.dataDir,
    clock: cli.clock,
    logger,
    maxSpoolBytes: config.spool.maxBytes,
    owner: 'logferry dead-letters discard',
  });
  return {
    some: () => discardDeadLetters(state.spool, destination, chosen),
    close: () => state.close(),
  };
}

function discardByServer(
  config: LoadedConfig,
  destination: string,
  { reason, throughId }: Chosen,
): Discarder {
  const query = new URLSearchParams({
    throughId: String(throughId),
    ...(reason !== undefined && { reason }),
  });
  const path = `/api/v1/destinations/${encodeURIComponent(destination)}/dead-letters?${query.toString()}`;
  return {
    some: async () => (await callServer(config, 'DELETE', path)) as DiscardResult,
    close: () => Promise.resolve(),
  };
}

function tell(cli: CliContext, destination: string, discarded: number, left: number): void {
  if (cli.options.json) cli.stdout.write(`${JSON.stringify({ destination, discarded, left })}\n`);
  else cli.stdout.write(`discarded ${discarded} · left ${left}\n`);
}
