import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { LoadMessage, LoadQuestion, LoadReady, LoadReport, LoadUsage } from './load-messages.ts';

/** A process of the other side, so that what it costs is not counted to the collector. */
export class LoadProcess {
  readonly ready: LoadReady;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, ready: LoadReady) {
    this.#child = child;
    this.ready = ready;
  }

  /** `file` is beside this one. */
  static async start(file: string, settings: object, signal: AbortSignal): Promise<LoadProcess> {
    const path = fileURLToPath(new URL(file, import.meta.url));
    const child = fork(path, [JSON.stringify(settings)], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    try {
      const ready = await nextMessage(child, signal);
      if (ready.kind !== 'ready') throw new Error(`${file} did not begin as it should.`);
      return new LoadProcess(child, ready);
    } catch (thrown) {
      child.kill('SIGKILL');
      throw thrown;
    }
  }

  async usage(signal: AbortSignal): Promise<LoadUsage> {
    const usage = await this.#ask('usage', signal);
    if (usage.kind !== 'usage') throw outOfTurn();
    return usage;
  }

  /** Of the shape that its process gives it. */
  async report(signal: AbortSignal): Promise<LoadReport['report']> {
    return await this.#reportAfter('report', signal);
  }

  /** What comes from now on is another phase. */
  async nextPhase(signal: AbortSignal): Promise<void> {
    await this.#reportAfter('next_phase', signal);
  }

  async #reportAfter(kind: 'report' | 'next_phase', signal: AbortSignal): Promise<LoadReport['report']> {
    const answer = await this.#ask(kind, signal);
    if (answer.kind !== 'report') throw outOfTurn();
    return answer.report;
  }

  async #ask(kind: LoadQuestion['kind'], signal: AbortSignal): Promise<LoadMessage> {
    const answer = nextMessage(this.#child, signal);
    this.#child.send({ kind } satisfies LoadQuestion);
    return await answer;
  }

  async close(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await ended;
  }
}

const outOfTurn = () => new Error('A process of the other side answered out of turn.');

async function nextMessage(child: ChildProcess, signal: AbortSignal): Promise<LoadMessage> {
  const stop = new AbortController();
  const both = AbortSignal.any([signal, stop.signal]);
  try {
    return await Promise.race([
      once(child, 'message', { signal: both }).then(([message]) => message as LoadMessage),
      once(child, 'exit', { signal: both }).then(([code]) => {
        throw new Error(`A process of the other side ended (${String(code)}).`);
      }),
    ]);
  } finally {
    stop.abort();
  }
}
