import type { DeadLetterSend } from '../../api/dead-letter-backend.ts';
import { judgeSending } from '../../app/dead-letter-service.ts';
import { Engine } from '../../app/engine.ts';
import { listDeadLetters } from '../../app/kept-dead-letters.ts';
import type { LoadedConfig } from '../../config/loaded-config.ts';
import { ERROR_CODES, type ErrorCode } from '../../foundation/error-codes.ts';
import { LogferryError } from '../../foundation/logferry-error.ts';
import type { ResendCounts } from '../../sink-kit/delivery/resend-dead-letters.ts';
import type { CliContext, TextOutput } from '../cli-context.ts';
import { COMMAND_LOG, commandDeps, loadCommandConfig } from '../command-deps.ts';
import { hereOrByServer } from '../here-or-by-server.ts';
import { startProgress } from '../output/progress.ts';
import { resultOutput } from '../output/result-output.ts';
import { callServer } from '../server-client.ts';
import { withState } from '../with-state.ts';
import { tellReasons } from './list-dead-letters.ts';
import { requireDestination } from './require-destination.ts';

const POLL_MILLIS = 300;

export interface ChosenOptions {
  readonly reason?: string;
}

type OnCounts = (counts: ResendCounts) => void;

/** `logferry dead-letters send`: sends them again, here or by the server that works on the data folder. */
export async function runSendDeadLetters(
  cli: CliContext,
  destination: string,
  { reason }: ChosenOptions,
): Promise<void> {
  const config = await loadCommandConfig(cli);
  requireDestination(destination, config.destinations);
  const list = await withState(
    cli,
    config,
    async (state) => state && (await listDeadLetters(state.spool, destination, { limit: 0 })),
  );
  const chosen = reason === undefined ? (list?.kept ?? 0) : (list?.reasons[reason] ?? 0);
  let counts: ResendCounts = { sent: 0, refused: 0, unreadable: 0, left: list?.kept ?? 0 };
  if (chosen === 0) {
    if (!cli.options.quiet) tellReasons(cli, list ?? { destination, kept: 0, reasons: {} }, reason);
    tell(cli, cli.stdout, destination, counts);
    return;
  }
  const sender = await hereOrByServer<Sender>(cli, config, {
    here: () => sendHere(cli, config, destination, reason),
    byServer: () => sendByServer(cli, config, destination, reason),
    told: 'sends them',
  });
  const progress = startProgress(cli);
  try {
    await sender.send((now) => {
      counts = now;
      progress.update((now.sent + now.refused) / chosen, summarize(now));
    });
  } finally {
    progress.end();
    // Also after a failure: what was sent until then.
    tell(cli, sender.output, destination, counts);
  }
}

interface Sender {
  /** Rejects when not everything was taken; the counts told last are right all the same. */
  send(onCounts: OnCounts): Promise<void>;
  readonly output: TextOutput;
}

async function sendHere(
  cli: CliContext,
  config: LoadedConfig,
  destination: string,
  reason: string | undefined,
): Promise<Sender> {
  const engine = await Engine.open(config, commandDeps(cli, COMMAND_LOG), 'logferry dead-letters send');
  const send = async (onCounts: OnCounts) => {
    try {
      const options = { onProgress: onCounts, ...(reason !== undefined && { reason }) };
      const result = await engine.pipeline.resendDeadLetters(destination, options, cli.signal);
      onCounts(result.counts);
      judgeSending(destination, result);
    } finally {
      await engine.close();
    }
  };
  return { send, output: resultOutput(cli, config) };
}

function sendByServer(
  cli: CliContext,
  config: LoadedConfig,
  destination: string,
  reason: string | undefined,
): Sender {
  const path = `/api/v1/destinations/${encodeURIComponent(destination)}/dead-letters/send`;
  const send = async (onCounts: OnCounts) => {
    let status = (await callServer(config, 'POST', path, {
      ...(reason !== undefined && { reason }),
    })) as DeadLetterSend;
    while (status.state === 'running') {
      await cli.clock.sleep(POLL_MILLIS, cli.signal).catch(async (thrown: unknown) => {
        await callServer(config, 'DELETE', path).catch(() => {});
        throw thrown;
      });
      status = (await callServer(config, 'GET', path)) as DeadLetterSend;
      const { sent, refused, unreadable, left } = status;
      if (left !== undefined) onCounts({ sent, refused, unreadable, left });
    }
    if (status.state !== 'ended') throw failureOf(status);
  };
  return { send, output: cli.stdout };
}

function failureOf({ state, error }: DeadLetterSend): LogferryError {
  const code = error !== undefined && error.code in ERROR_CODES ? (error.code as ErrorCode) : 'INTERNAL';
  const hint = error?.hint === undefined ? {} : { hint: error.hint };
  return new LogferryError(code, error?.message ?? `The sending ended as ${state}.`, hint);
}

const summarize = ({ sent, refused, unreadable, left }: ResendCounts): string =>
  [`sent ${sent}`, `refused ${refused}`, unreadable > 0 && `unreadable ${unreadable}`, `left ${left}`]
    .filter((part) => part !== false)
    .join(' · ');

function tell(cli: CliContext, output: TextOutput, destination: string, counts: ResendCounts): void {
  if (cli.options.json) output.write(`${JSON.stringify({ destination, ...counts })}\n`);
  else output.write(`${summarize(counts)}\n`);
}
