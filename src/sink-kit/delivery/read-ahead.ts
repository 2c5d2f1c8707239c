import type { Sink } from '../../contracts/sink.ts';
import type { Spool, SpoolEntry, SpoolPosition } from '../../contracts/spool.ts';
import { type BackOffSettings, backOffMillis } from '../../foundation/back-off.ts';
import type { Clock } from '../../foundation/clock.ts';
import type { Random } from '../../foundation/random.ts';
import { approximateBytes } from '../../record/log-record.ts';
import { cutRun, endOf, type RecordRun } from './cut-batch.ts';
import { Wake } from './wake.ts';

/** Stored, so compressed: about five times as much in memory. */
const READ_STORED_BYTES = 512 * 1024;
const SMALLEST_AHEAD_BYTES = 8 * 1024 * 1024;

export interface ReadAheadSettings {
  readonly destination: string;
  readonly sink: Pick<Sink, 'limits'>;
  readonly spool: Spool;
  readonly clock: Clock;
  readonly random: Random;
  /** There is more to cut. */
  readonly onEntries: () => void;
  /** Reading failed; it is tried again. */
  readonly onFailure: (thrown: unknown) => void;
  /** A damaged entry was set aside, with so many records that the destination does not get. */
  readonly onDamaged: (entry: SpoolEntry, records: number) => void;
}

/** Entries read before they are needed, bounded in bytes, from which runs are cut in order. */
export class ReadAhead {
  readonly #settings: ReadAheadSettings;
  readonly #backOff: BackOffSettings;
  readonly #maxBytes: number;
  readonly #room = new Wake();
  #entries: SpoolEntry[] = [];
  /** In memory, of each entry. */
  #entryBytes: number[] = [];
  #bytes = 0;
  /** Where the next run begins. */
  #start: SpoolPosition;
  #nextOffset: number;

  constructor(settings: ReadAheadSettings, backOff: BackOffSettings, start: SpoolPosition) {
    this.#settings = settings;
    this.#backOff = backOff;
    // Twice a batch: a buffer that holds less would never fill one.
    this.#maxBytes = Math.max(SMALLEST_AHEAD_BYTES, settings.sink.limits.maxBytes * 2);
    this.#start = start;
    this.#nextOffset = start.offset;
  }

  /** Offset from which the spool is read next; what is before it was read. */
  get nextOffset(): number {
    return this.#nextOffset;
  }

  get isEmpty(): boolean {
    return this.#entries.length === 0;
  }

  /** Offset of the oldest entry that was read and not cut to its end. */
  get oldestOffset(): number | undefined {
    return this.#entries[0]?.offset;
  }

  /** What a batch would hold now, without taking it. `full`: waiting does not make it larger. */
  peek(): { readonly run: RecordRun; readonly full: boolean } | undefined {
    const cut = cutRun(this.#entries, this.#start, this.#settings.sink.limits);
    return cut === undefined ? undefined : { run: cut.run, full: cut.full || this.#bytes >= this.#maxBytes };
  }

  /** Takes a run that `peek` returned. */
  take(run: RecordRun): void {
    this.#start = endOf(run);
    const kept = this.#entries.findIndex((entry) => entry.offset >= this.#start.offset);
    const passed = kept === -1 ? this.#entries.length : kept;
    if (passed === 0) return;
    this.#entries.splice(0, passed);
    for (const bytes of this.#entryBytes.splice(0, passed)) this.#bytes -= bytes;
    this.#room.ring();
  }

  /** Reads until the signal is aborted; then resolves. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, random } = this.#settings;
    const ring = () => this.#room.ring();
    signal.addEventListener('abort', ring, { once: true });
    for (let failures = 0; !signal.aborted; ) {
      try {
        await this.#readOnce(signal);
        failures = 0;
      } catch (thrown) {
        if (signal.aborted) break;
        this.#settings.onFailure(thrown);
        failures++;
        await clock.sleep(backOffMillis(failures, this.#backOff, random), signal).catch(() => {});
      }
    }
    signal.removeEventListener('abort', ring);
  }

  async #readOnce(signal: AbortSignal): Promise<void> {
    const { destination, spool, clock } = this.#settings;
    if (this.#bytes >= this.#maxBytes) return this.#room.wait(clock);
    const entries = await spool.read(destination, this.#nextOffset, READ_STORED_BYTES);
    if (entries.length === 0) return spool.waitForEntries(destination, this.#nextOffset, signal);
    for (const entry of entries) {
      if (entry.damage !== undefined) await this.#setAside(entry, entry.damage);
      let bytes = 0;
      for (const record of entry.batch.records) bytes += approximateBytes(record);
      this.#entries.push(entry);
      this.#entryBytes.push(bytes);
      this.#bytes += bytes;
      this.#nextOffset = entry.offset + 1;
    }
    this.#settings.onEntries();
  }

  /** Before anything can pass it. */
  async #setAside(entry: SpoolEntry, damage: string): Promise<void> {
    const { destination, spool } = this.#settings;
    this.#settings.onDamaged(entry, await spool.quarantine(destination, entry.offset, damage));
  }
}
