import { type ChildProcess, fork } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { backOffMillis } from '../../foundation/back-off.ts';
import type { Clock } from '../../foundation/clock.ts';
import { formatRoughDuration } from '../../foundation/duration.ts';
import { describeError, LogferryError } from '../../foundation/logferry-error.ts';
import type { Logger } from '../../foundation/logger.ts';
import type { Random } from '../../foundation/random.ts';
import { untilAborted } from '../until-aborted.ts';
import { errorOf } from './engine-error.ts';
import type { EngineNote, EngineReply, EngineRequest } from './engine-messages.ts';

const CHILD = fileURLToPath(new URL('engine-child.ts', import.meta.url));
const RESTART_BACK_OFF = { firstMillis: 200, maxMillis: 15_000 };
const CLOSE_GRACE_MILLIS = 10_000;
/** A large store opens within seconds; what takes this long hangs. */
const OPEN_MILLIS = 120_000;
const STDERR_KEPT = 2000;

export interface EngineProcessSettings {
  /** Folder that the engine has for itself. */
  readonly dir: string;
  /** Run at each opening, on the connection of the store's own work and on those of searches. */
  readonly statements: readonly string[];
  readonly searchStatements: readonly string[];
  /** How many searches go at once. */
  readonly lanes: number;
  /** How long opening may take before the process is ended and started again; default 2 min. */
  readonly openMillis?: number;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

interface Waiter {
  readonly onRows?: (text: string) => void;
  readonly resolve: (text: string) => void;
  readonly reject: (error: Error) => void;
}

interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<void>;
  readonly waiting: Map<number, Waiter>;
}

type RequestBody<Request> = Request extends { readonly id: number } ? Omit<Request, 'id'> : never;
export type EngineWork = RequestBody<Exclude<EngineRequest, EngineNote>>;

/** A search that the engine works at. */
export interface RunningSearch {
  /** Resolves when the engine has ended it; rejects with why it failed. */
  readonly ended: Promise<unknown>;
  /** Of its rows, one message more may come; the first comes unasked. */
  more(): void;
  cancel(): void;
}

/**
 * The process that chDB lives in, started with the first request. When it dies, what was under way rejects with
 * STORE_FAILED (it may have been done or not), and the next request starts it again.
 */
export class EngineProcess {
  readonly #settings: EngineProcessSettings;
  #starting: Promise<Running> | undefined;
  /** The process that opened the folder and has not ended. */
  #open: ChildProcess | undefined;
  #nextId = 1;
  #failures = 0;
  #retryAtMillis = 0;
  #isClosed = false;
  /** Ends an opening that is under way. */
  readonly #closing = new AbortController();

  constructor(settings: EngineProcessSettings) {
    this.#settings = settings;
  }

  /** Of the engine, while it runs. */
  async pid(): Promise<number | undefined> {
    return (await this.#starting?.catch(() => undefined))?.child.pid;
  }

  /** What is under way when the signal is aborted is done all the same. */
  async request(work: EngineWork, signal: AbortSignal): Promise<string> {
    signal.throwIfAborted();
    const running = await this.#running(signal);
    return await untilAborted(this.#send(running, this.#nextId++, work), signal);
  }

  async startSearch(
    work: EngineWork & { readonly kind: 'search' },
    onRows: (text: string) => void,
    signal: AbortSignal,
  ): Promise<RunningSearch> {
    const running = await this.#running(signal);
    const id = this.#nextId++;
    const note = (kind: EngineNote['kind']) => {
      if (running.waiting.has(id) && running.child.connected)
        running.child.send({ id, kind } satisfies EngineNote, () => {});
    };
    return {
      ended: this.#send(running, id, work, onRows),
      more: () => note('more'),
      cancel: () => note('cancel'),
    };
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#closing.abort(new LogferryError('STORE_FAILED', 'The log store was closed.'));
    const running = await this.#starting?.catch(() => undefined);
    if (running === undefined) return;
    this.#send(running, this.#nextId++, { kind: 'close' }).catch(() => {});
    const kill = setTimeout(() => running.child.kill('SIGKILL'), CLOSE_GRACE_MILLIS);
    await running.ended;
    clearTimeout(kill);
  }

  async #running(signal: AbortSignal): Promise<Running> {
    const { clock } = this.#settings;
    if (this.#isClosed) throw new LogferryError('STORE_FAILED', 'The log store was closed.');
    if (this.#starting === undefined) {
      const waitMillis = this.#retryAtMillis - clock.monotonic();
      if (waitMillis > 0) await clock.sleep(waitMillis, signal);
    }
    this.#starting ??= this.#start();
    return await untilAborted(this.#starting, signal);
  }

  async #start(): Promise<Running> {
    const { dir, statements, searchStatements, lanes, logger } = this.#settings;
    let running: Running | undefined;
    try {
      mkdirSync(dir, { recursive: true, mode: 0o700 });
      running = this.#fork();
      const work: EngineWork = { kind: 'open', dir, statements, searchStatements, lanes };
      await this.#inTime(this.#send(running, this.#nextId++, work));
      this.#failures = 0;
      this.#open = running.child;
      logger.debug({ pid: running.child.pid }, 'The engine of the log store is open.');
      return running;
    } catch (thrown) {
      // A process that did not open would stay for ever, and hold the folder that the next one needs.
      running?.child.kill('SIGKILL');
      await running?.ended;
      this.#failed();
      throw asStoreError(thrown);
    }
  }

  /** What does not come to an end rejects: a process that hangs must not hold up deliveries and searches for ever. */
  async #inTime(opening: Promise<unknown>): Promise<void> {
    const { clock, openMillis = OPEN_MILLIS } = this.#settings;
    const over = new AbortController();
    const late = clock.sleep(openMillis, AbortSignal.any([over.signal, this.#closing.signal])).then(() => {
      throw new LogferryError(
        'STORE_FAILED',
        `The engine of the log store did not open within ${formatRoughDuration(openMillis)}.`,
        {
          hint: 'It was ended, and is started again by itself. If it stays so, look at the disk and the memory of the machine.',
        },
      );
    });
    try {
      await Promise.race([opening, late]);
    } finally {
      over.abort();
      opening.catch(() => {});
      late.catch(() => {});
    }
  }

  #fork(): Running {
    const { logger } = this.#settings;
    const child = fork(CHILD, [], {
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    let stderr = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      stderr = (stderr + chunk.toString()).slice(-STDERR_KEPT);
    });
    const waiting: Running['waiting'] = new Map();
    child.on('message', (reply: EngineReply) => {
      settle(waiting, reply);
    });
    // A process that ends in a hurry leaves no engine that still writes: before others clean up behind it.
    const killNow = () => child.kill('SIGKILL');
    process.prependListener('exit', killNow);
    const ended = new Promise<void>((resolve) => {
      child.once('close', (code, signal) => {
        process.off('exit', killNow);
        const how = signal === null ? `exit code ${code}` : signal;
        if (!this.#isClosed && !child.killed) {
          logger.warn(
            { how, ...(stderr !== '' && { stderr }) },
            'The engine of the log store ended; it is started again.',
          );
        }
        if (this.#open === child) this.#failed();
        const error = new LogferryError('STORE_FAILED', `The engine of the log store ended (${how}).`, {
          hint: 'It is started again by itself. If it ends again and again, look at the memory of the machine.',
        });
        for (const { reject } of waiting.values()) reject(error);
        waiting.clear();
        resolve();
      });
      // A process that could not be made has no `close`.
      child.once('error', (thrown) => {
        if (child.pid === undefined) process.off('exit', killNow);
        for (const { reject } of waiting.values())
          reject(new LogferryError('STORE_UNAVAILABLE', describeError(thrown), { cause: thrown }));
        waiting.clear();
        resolve();
      });
    });
    return { child, ended, waiting };
  }

  #send(
    { child, waiting }: Running,
    id: number,
    work: EngineWork,
    onRows?: (text: string) => void,
  ): Promise<string> {
    return new Promise((resolve, reject) => {
      waiting.set(id, { resolve, reject, ...(onRows !== undefined && { onRows }) });
      if (child.exitCode !== null || child.signalCode !== null || !child.connected) {
        waiting.delete(id);
        reject(new LogferryError('STORE_FAILED', 'The engine of the log store is not running.'));
        return;
      }
      child.send({ id, ...work } as EngineRequest, (thrown) => {
        if (thrown === null || !waiting.delete(id)) return;
        reject(new LogferryError('STORE_FAILED', describeError(thrown), { cause: thrown }));
      });
    });
  }

  #failed(): void {
    const { clock, random } = this.#settings;
    this.#starting = undefined;
    this.#open = undefined;
    this.#failures++;
    this.#retryAtMillis = clock.monotonic() + backOffMillis(this.#failures, RESTART_BACK_OFF, random);
  }
}

function settle(waiting: Running['waiting'], reply: EngineReply): void {
  const waiter = waiting.get(reply.id);
  if (reply.kind === 'rows') {
    waiter?.onRows?.(reply.text);
    return;
  }
  waiting.delete(reply.id);
  if (reply.kind === 'done') waiter?.resolve(reply.text);
  else waiter?.reject(errorOf(reply));
}

/** What the folder or the process refuses. */
function asStoreError(thrown: unknown): LogferryError {
  if (thrown instanceof LogferryError) return thrown;
  return new LogferryError('STORE_UNAVAILABLE', describeError(thrown), {
    hint: 'Look at the data folder: its permissions, and the space on its disk.',
    cause: thrown,
  });
}
