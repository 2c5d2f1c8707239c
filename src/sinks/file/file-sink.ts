import { type FileHandle, mkdir, open, rename, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { CheckReport } from '../../contracts/check-report.ts';
import type { ComponentContext } from '../../contracts/component.ts';
import type { DeliveryBatch, Sink, SinkLimits, WriteOutcome } from '../../contracts/sink.ts';
import { formatByteSize } from '../../foundation/byte-size.ts';
import { describeError } from '../../foundation/logferry-error.ts';
import type { LogRecord } from '../../record/log-record.ts';
import { ndjsonLine } from '../../sink-kit/ndjson.ts';
import { healTail, keyOf, keysAtEnd } from './file-tail.ts';
import type { FileOptions } from './options.ts';
import { freeRotatedName, rotatedFiles, tidyRotated } from './rotation.ts';

/** What may have been in flight when the process died lies in the last bytes of the file: a batch is never larger. */
const TAIL_BYTES = 32 * 1024 * 1024;

/**
 * Appends lines to a file. A batch is on stable storage before it counts as delivered. Nothing is there twice after a
 * crash: a torn last line is cut off at opening, and records of a redelivery that the end of the file holds are left out.
 */
export class FileSink implements Sink {
  readonly limits: SinkLimits = {
    maxRecords: 10_000,
    maxBytes: 4 * 1024 * 1024,
    maxInFlight: 1,
    lingerMillis: 1000,
    timeoutMillis: 60_000,
  };
  readonly #path: string;
  readonly #options: FileOptions;
  readonly #context: ComponentContext;
  #handle: FileHandle | undefined;
  #size = 0;
  #firstLineMillis: number | undefined;
  /** Ids in the last lines of the file as it was found. */
  #tailKeys = new Set<string>();
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
      const bytes = await this.#append(this.#fresh(batch));
      return { kind: 'delivered', bytes };
    } catch (thrown) {
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

  #fresh({ records, redelivery }: DeliveryBatch): readonly LogRecord[] {
    if (redelivery) return records.filter(({ origin, id }) => !this.#tailKeys.has(keyOf(origin.source, id)));
    return records;
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

  /** Heals the end of the file, and learns which keys of records it and, before it, the file that was put aside last hold. */
  async #inspect(handle: FileHandle): Promise<void> {
    const { birthtimeMs } = await handle.stat();
    const { size, keys } = await healTail(handle, TAIL_BYTES);
    this.#size = size;
    this.#firstLineMillis = size === 0 ? undefined : birthtimeMs;
    this.#tailKeys = keys;
    const aside = (await rotatedFiles(this.#path)).at(-1);
    if (size >= TAIL_BYTES || aside === undefined || aside.endsWith('.gz')) return;
    for (const key of await keysAtEnd(aside, TAIL_BYTES - size)) keys.add(key);
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
    // Keys stay known: what comes again may be in the file that was just put aside.
    const known = this.#tailKeys;
    await this.#release();
    await rename(this.#path, await freeRotatedName(this.#path, this.#context.clock.now()));
    this.#size = 0;
    this.#firstLineMillis = undefined;
    this.#handle = await open(this.#path, 'a+', 0o600);
    this.#tailKeys = known;
    this.#tidy();
  }

  #tidy(): void {
    const { max_files, compress } = this.#options;
    this.#tidying = this.#tidying
      .then(() => tidyRotated(this.#path, max_files, compress))
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
