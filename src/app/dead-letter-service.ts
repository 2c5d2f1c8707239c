import type { ChosenDeadLetters, DeadLetterBackend, DeadLetterSend } from '../api/dead-letter-backend.ts';
import type { Metrics } from '../contracts/metrics.ts';
import type { Clock } from '../foundation/clock.ts';
import { describeError, isAbort, LogferryError } from '../foundation/logferry-error.ts';
import type { Logger } from '../foundation/logger.ts';
import type { ResendCounts, ResendResult } from '../sink-kit/delivery/resend-dead-letters.ts';
import type { Engine } from './engine.ts';
import { discardDeadLetters, listDeadLetters } from './kept-dead-letters.ts';

interface ServiceDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

interface Sending {
  status: DeadLetterSend;
  readonly cancel: AbortController;
}

/** Sends and discards dead letters for the server: one sending at a time for each destination. */
export class DeadLetterService implements DeadLetterBackend {
  readonly #engine: Engine;
  readonly #deps: ServiceDeps;
  /** Ends all sendings. */
  readonly #stop: AbortSignal;
  readonly #sendings = new Map<string, Sending>();

  constructor(engine: Engine, deps: ServiceDeps, stop: AbortSignal) {
    this.#engine = engine;
    this.#deps = deps;
    this.#stop = stop;
  }

  hasDestination(id: string): boolean {
    return this.#engine.config.destinations.some((destination) => destination.id === id);
  }

  async list(destination: string, query: Parameters<DeadLetterBackend['list']>[1]) {
    return await listDeadLetters(this.#engine.store.spool, destination, query);
  }

  send(destination: string, reason: string | undefined): DeadLetterSend {
    this.#refuseBeside(destination);
    const status: DeadLetterSend = {
      destination,
      ...(reason !== undefined && { reason }),
      state: 'running',
      startedAtMillis: this.#deps.clock.now(),
      sent: 0,
      refused: 0,
      unreadable: 0,
    };
    const sending: Sending = { status, cancel: new AbortController() };
    this.#sendings.set(destination, sending);
    void this.#send(sending);
    return status;
  }

  sendStatus(destination: string): DeadLetterSend | undefined {
    return this.#sendings.get(destination)?.status;
  }

  cancelSend(destination: string): boolean {
    const sending = this.#sendings.get(destination);
    if (sending?.status.state !== 'running') return false;
    sending.cancel.abort(new LogferryError('INTERRUPTED', 'The sending was cancelled.'));
    return true;
  }

  async discard(destination: string, chosen: ChosenDeadLetters) {
    this.#refuseBeside(destination);
    const result = await discardDeadLetters(this.#engine.store.spool, destination, chosen);
    tellDiscarded(this.#deps, destination, chosen, result.discarded);
    return result;
  }

  #refuseBeside(destination: string): void {
    if (this.sendStatus(destination)?.state !== 'running') return;
    throw new LogferryError('USAGE', `Dead letters of "${destination}" are being sent just now.`, {
      hint: 'Wait until that has ended: GET …/dead-letters/send shows how far it is.',
    });
  }

  async #send(sending: Sending): Promise<void> {
    const { clock, logger } = this.#deps;
    const { destination } = sending.status;
    const signal = AbortSignal.any([this.#stop, sending.cancel.signal]);
    try {
      const result = await this.#sendToEnd(sending, signal);
      judgeSending(destination, result);
      sending.status = { ...sending.status, state: 'ended', endedAtMillis: clock.now() };
      logger.info({ destination, ...result.counts }, 'Dead letters were sent again.');
    } catch (thrown) {
      const error = errorOf(thrown);
      const state = signal.aborted ? 'cancelled' : 'failed';
      sending.status = { ...sending.status, state, endedAtMillis: clock.now(), error };
      const { sent, refused, unreadable, left } = sending.status;
      const details = { destination, sent, refused, unreadable, left, error: error.message };
      logger.warn(details, 'Not all dead letters could be sent again.');
    }
  }

  /** When the configuration is changed meanwhile it goes on under the new one. */
  async #sendToEnd(sending: Sending, signal: AbortSignal): Promise<ResendResult> {
    const { destination, reason } = sending.status;
    let sentBefore = 0;
    const tell = (counts: ResendCounts): ResendCounts => {
      const all = { ...counts, sent: sentBefore + counts.sent };
      sending.status = { ...sending.status, ...all };
      return all;
    };
    const options = { onProgress: tell, ...(reason !== undefined && { reason }) };
    for (;;) {
      const pipeline = await this.#engine.settledPipeline();
      try {
        const result = await pipeline.resendDeadLetters(destination, options, signal);
        return { ...result, counts: tell(result.counts) };
      } catch (thrown) {
        if (signal.aborted || (await this.#engine.settledPipeline()) === pipeline) throw thrown;
      }
      // What was refused again is still kept, and will be counted once more.
      sentBefore = sending.status.sent;
      this.#deps.logger.info({ destination }, 'Dead letters are sent on under the new configuration.');
    }
  }
}

/** Throws when not everything was taken: nothing, a part, or all but those that are refused for good. */
export function judgeSending(destination: string, result: ResendResult): void {
  const { sent, refused, unreadable } = result.counts;
  if (result.kind === 'unreachable') {
    throw new LogferryError(
      sent + refused === 0 ? 'DESTINATION_UNREACHABLE' : 'PARTIAL_DELIVERY',
      `"${destination}" does not take dead letters now (${result.detail}).`,
      {
        hint: `What was not sent is still kept; send it when the destination takes it. ${result.fix}`.trim(),
      },
    );
  }
  const look = `They are kept: \`logferry dead-letters list ${destination}\` shows why`;
  const giveUp = `\`logferry dead-letters discard ${destination}\` gives them up.`;
  if (refused > 0) {
    const message = `"${destination}" refused ${refused} dead ${refused === 1 ? 'letter' : 'letters'} again.`;
    throw new LogferryError('DESTINATION_REJECTED', message, { hint: `${look}, ${giveUp}` });
  }
  if (unreadable > 0) {
    const message = `${unreadable} dead ${unreadable === 1 ? 'letter' : 'letters'} of "${destination}" are damaged and cannot be sent.`;
    const hint = `${look}. A backfill with --again reads the events again; ${giveUp}`;
    throw new LogferryError('STATE_CORRUPT', message, { hint });
  }
}

export function tellDiscarded(
  { logger, metrics }: Pick<ServiceDeps, 'logger' | 'metrics'>,
  destination: string,
  { reason }: ChosenDeadLetters,
  discarded: number,
): void {
  if (discarded === 0) return;
  metrics.count('logferry_dead_letters_discarded_total', { destination }, discarded);
  logger.warn(
    { destination, discarded, ...(reason !== undefined && { reason }) },
    'Dead letters were discarded, as asked.',
  );
}

function errorOf(thrown: unknown): NonNullable<DeadLetterSend['error']> {
  if (!(thrown instanceof LogferryError))
    return { code: isAbort(thrown) ? 'INTERRUPTED' : 'INTERNAL', message: describeError(thrown) };
  const { code, message, hint } = thrown;
  return { code, message, ...(hint !== undefined && { hint }) };
}
