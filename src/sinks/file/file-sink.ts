import { type FileHandle, mkdir, open, rename, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { CheckReport } from '../../contracts/check-report.ts';
import type { ComponentContext } from '../../contracts/component.ts';
import type { DeliveryBatch, Sink, SinkLimits, WriteOutcome } from '../../contracts/sink.ts';
import { formatByteSize } from '../../foundation/byte-size.ts';
import { describeError } from '../../foundation/logferry-error.ts';
import type { LogRecord } from '../../record/log-record.ts';
import { mostUnacknowledged } from '../../sink-kit/delivery/job-queue.ts';
import { ndjsonLine } from '../../sink-kit/ndjson.ts';
import { addKeysAtEnd, healEnd, keyOf } from './file-tail.ts';
import type { FileOptions } from './options.ts';
import { freeRotatedName, rotatedFiles, tidyRotated } from './rotation.ts';

const LIMITS: SinkLimits = {
  maxRecords: 10_000,
  maxBytes: 4 * 1024 * 1024,
  maxInFlight: 1,
  lingerMillis: 1000,
  timeoutMillis: 60_000,
};
/** What may come again after a crash: so many batches were written last. */
const UNACKNOWLEDGED = mostUnacknowledged(LIMITS);
/** More than that is read from the files again when it is needed. */
const MAX_KEYS = 4 * UNACKNOWLEDGED * LIMITS.maxRecords;

/**
 * Appends lines to a file. A batch is on stable storage before it counts as delivered. Nothing is there twice after a
 * crash: a torn last line is cut off at opening, and records of a redelivery are left out that stand among what was
 * written last, in this file or in those that were put aside.
 */
export class FileSink implements Sink {
  readonly limits = LIMITS;
  readonly #path: string;
  readonly #options: FileOptions;
  readonly #context: ComponentContext;
  #handle: FileHandle | undefined;
  #size = 0;
  #firstLineMillis: number | undefined;
  /** Of the records that were written last; undefined until a redelivery asks for them. */
  #keys: Set<string> | undefined;
  #batches = 0;
  /** How many batches had been written when a file was put aside; one that was found was so before the first. */
  readonly #asideAt = new Map<string, number>();
  #tidying: Promise<void> = Promise.resolve();

  constructor(path: string, options: FileOptions, context: ComponentContext) {
    this.#path = path;
    this.#options = options;
    this.#context = context;
  }

  open(): Promise<void> {
    // A file that cannot be written now may be so later: opening is part of writing.
    return Promise.resolve();
  }

  async write(batch: DeliveryBatch, signal: AbortSignal): Promise<WriteOutcome> {
    signal.throwIfAborted();
    let sizeBefore: number | undefined;
    try {
      await this.#ready();
      sizeBefore = this.#size;
      const fresh = await this.#fresh(batch);
      const bytes = await this.#append(fresh);
      if (batch.redelivery) this.#remember(fresh);
      this.#batches++;
      return { kind: 'delivered', bytes };
    } catch (thrown) {
      this.#keys = undefined;
      // Half a batch must not stay: the next try writes it whole.
      if (sizeBefore !== undefined) await this.#handle?.truncate(sizeBefore).catch(() => {});
      await this.#release();
      const code = (thrown as { readonly code?: unknown }).code;
      const reason = typeof code === 'string' ? code.toLowerCase() : 'write_failed';
      return { kind: 'retry', reason, detail: describeError(thrown), mayHaveArrived: true };
    }
  }

  async check(signal: AbortSignal): Promise<CheckReport> {
    signal.throwIfAborted();
    const title = `File ${this.#path}`;
    try {
      await mkdir(dirname(this.#path), { recursive: true });
      const handle = await open(this.#path, 'a', 0o600);
      await handle.close();
      const { size } = await stat(this.#path);
      return [{ status: 'ok', title, detail: `can be written, ${formatByteSize(size)} now` }];
    } catch (thrown) {
      const fix = 'Look at the path, the permissions of its folder, and the space on its disk.';
      return [
        { status: 'failed', title, code: 'DESTINATION_UNREACHABLE', detail: describeError(thrown), fix },
      ];
    }
  }

  async close(): Promise<void> {
    await this.#release();
    await this.#tidying;
  }

  async #fresh({ records, redelivery }: DeliveryBatch): Promise<readonly LogRecord[]> {
    if (!redelivery) return records;
    const keys = (this.#keys ??= await this.#readKeys());
    return records.filter(({ origin, id }) => !keys.has(keyOf(origin.source, id)));
  }

  /** Of the file and, before it, of those that were put aside last. None that holds any of them is compressed. */
  async #readKeys(): Promise<Set<string>> {
    const keys = new Set<string>();
    const window = {
      records: UNACKNOWLEDGED * LIMITS.maxRecords,
      bytes: UNACKNOWLEDGED * LIMITS.maxBytes,
    };
    for (const path of [this.#path, ...(await rotatedFiles(this.#path)).reverse()]) {
      if (path.endsWith('.gz')) break;
      await addKeysAtEnd(path, keys, window);
    }
    return keys;
  }

  /** What was delivered again may come once more. */
  #remember(records: readonly LogRecord[]): void {
    for (const { origin, id } of records) this.#keys?.add(keyOf(origin.source, id));
    if ((this.#keys?.size ?? 0) > MAX_KEYS) this.#keys = undefined;
  }

  async #ready(): Promise<FileHandle> {
    // Deleted or moved away by somebody else: what is appended to it now, nobody would find.
    if (this.#handle !== undefined && !(await isAt(this.#handle, this.#path))) await this.#release();
    if (this.#handle !== undefined && this.#isDueForRotation()) await this.#rotate();
    if (this.#handle !== undefined) return this.#handle;
    await mkdir(dirname(this.#path), { recursive: true });
    const handle = await open(this.#path, 'a+', 0o600);
    this.#handle = handle;
    await this.#inspect(handle);
    this.#tidy();
    return handle;
  }

  async #inspect(handle: FileHandle): Promise<void> {
    const { birthtimeMs } = await handle.stat();
    this.#size = await healEnd(handle);
    this.#firstLineMillis = this.#size === 0 ? undefined : birthtimeMs;
  }

  async #append(records: readonly LogRecord[]): Promise<number> {
    const bytes = Buffer.from(records.map(ndjsonLine).join(''));
    if (bytes.length === 0) return 0;
    const handle = this.#handle;
    if (handle === undefined) throw new Error('The file is not open.');
    await handle.appendFile(bytes);
    await handle.datasync();
    this.#size += bytes.length;
    this.#firstLineMillis ??= this.#context.clock.now();
    return bytes.length;
  }

  #isDueForRotation(): boolean {
    if (this.#size === 0 || this.#firstLineMillis === undefined) return false;
    const age = this.#context.clock.now() - this.#firstLineMillis;
    return this.#size >= this.#options.max_bytes || age >= this.#options.max_age;
  }

  async #rotate(): Promise<void> {
    await this.#release();
    const aside = await freeRotatedName(this.#path, this.#context.clock.now());
    await rename(this.#path, aside);
    this.#asideAt.set(aside, this.#batches);
    this.#size = 0;
    this.#firstLineMillis = undefined;
    this.#handle = await open(this.#path, 'a+', 0o600);
    this.#tidy();
  }

  #tidy(): void {
    const { max_files, compress } = this.#options;
    const settledAt = this.#batches - UNACKNOWLEDGED;
    const isSettled = (name: string) => (this.#asideAt.get(name) ?? 0) <= settledAt;
    this.#tidying = this.#tidying
      .then(async () => {
        await tidyRotated(this.#path, max_files, (name) => compress && isSettled(name));
        for (const name of this.#asideAt.keys()) if (isSettled(name)) this.#asideAt.delete(name);
      })
      .catch((thrown: unknown) => {
        this.#context.logger.warn({ error: describeError(thrown) }, 'Rotated files could not be tidied.');
      });
  }

  async #release(): Promise<void> {
    const handle = this.#handle;
    this.#handle = undefined;
    await handle?.close().catch(() => {});
  }
}

async function isAt(handle: FileHandle, path: string): Promise<boolean> {
  const [ours, found] = await Promise.all([handle.stat(), stat(path).catch(() => undefined)]);
  return found !== undefined && found.ino === ours.ino && found.dev === ours.dev;
}
