import type { ChdbQueryStream, Session } from 'chdb';
import type { EngineRequest } from './engine-messages.ts';

const PIECE_BYTES = 512 * 1024;
const LINE_FEED = 10;

type SearchRequest = EngineRequest & { kind: 'search' };

interface Active {
  readonly id: number;
  /** How many messages of rows the parent is ready for. */
  credit: number;
  isCancelled: boolean;
  stream: ChdbQueryStream | undefined;
  wake: () => void;
}

/** One connection of the engine that searches go through, one at a time. In the engine's process. */
export class SearchLane {
  readonly #session: Session;
  readonly #control: Session;
  #active: Active | undefined;
  #idle: Promise<void> = Promise.resolve();

  constructor(session: Session, control: Session) {
    this.#session = session;
    this.#control = control;
  }

  /** Resolves when the search has ended, by itself or cancelled, and the lane is free. */
  async search(request: SearchRequest, send: (text: string) => void): Promise<void> {
    if (this.#active !== undefined) throw new Error('The lane is taken.');
    const active: Active = {
      id: request.id,
      credit: 1,
      isCancelled: false,
      stream: undefined,
      wake: () => {},
    };
    this.#active = active;
    const work = this.#stream(request, active, send);
    this.#idle = work.catch(() => {});
    try {
      await work;
    } finally {
      this.#active = undefined;
    }
  }

  more(id: number): void {
    const active = this.#active;
    if (active?.id !== id) return;
    active.credit++;
    active.wake();
  }

  cancel(id: number): void {
    const active = this.#active;
    if (active?.id !== id || active.isCancelled) return;
    active.isCancelled = true;
    active.wake();
    // The stream alone would go on until its next rows, which a search for something rare has at its end only.
    this.#control
      .queryAsync(`KILL QUERY WHERE Settings['log_comment'] = '${markOf(id)}' ASYNC`)
      .catch(() => {});
  }

  /** Ends what is under way first: closing under a running search takes the process down. */
  async close(): Promise<void> {
    if (this.#active !== undefined) this.cancel(this.#active.id);
    await this.#idle;
    this.#session.close();
  }

  async #stream(request: SearchRequest, active: Active, send: (text: string) => void): Promise<void> {
    try {
      await this.#sendRows(request, active, send);
    } catch (thrown) {
      // What was ended on purpose has no error, and no result either.
      if (!active.isCancelled) throw thrown;
    }
    // chDB 3.4 keeps what belongs to a stream that was ended from outside until its connection is used again.
    if (active.isCancelled) await this.#session.queryAsync('SELECT 1');
  }

  async #sendRows({ id, sql, parameters }: SearchRequest, active: Active, send: (text: string) => void) {
    const marked = `${sql} SETTINGS log_comment = '${markOf(id)}'`;
    active.stream = this.#session.queryStreamBind(marked, parameters, { format: 'JSONEachRow' });
    try {
      for await (const chunk of active.stream) {
        for (const piece of cutIntoPieces(chunk.raw())) {
          await mayGoOn(active);
          if (active.isCancelled) return;
          active.credit--;
          send(piece);
        }
      }
    } finally {
      active.stream.cancel();
    }
  }
}

async function mayGoOn(active: Active): Promise<void> {
  while (active.credit === 0 && !active.isCancelled) {
    const { promise, resolve } = Promise.withResolvers<void>();
    active.wake = resolve;
    await promise;
  }
}

/** Whole lines, so few at once that the parent is not held up by them. */
function* cutIntoPieces(bytes: Uint8Array): Generator<string> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let from = 0; from < buffer.length; ) {
    const lineEnd = buffer.indexOf(LINE_FEED, Math.min(from + PIECE_BYTES, buffer.length - 1));
    const to = lineEnd === -1 ? buffer.length : lineEnd + 1;
    yield buffer.toString('utf8', from, to);
    from = to;
  }
}

const markOf = (id: number) => `logferry ${Number(id)}`;
