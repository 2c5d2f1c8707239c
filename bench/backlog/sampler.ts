import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setInterval } from 'node:timers/promises';
import { waitedSeconds } from '../worker/waited-seconds.ts';

/** The most that was seen since the last `take`; CPU since then. */
export interface Sampled {
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** The main thread was ready to run and had no core: where that is much, times say nothing. */
  readonly waitedSeconds: number;
  readonly peakRssBytes: number;
  readonly lastRssBytes: number;
  /** Of the files of the state, the log beside the database included. */
  readonly peakDiskBytes: number;
  readonly peakWalBytes: number;
  readonly lastDiskBytes: number;
}

const EVERY_MILLIS = 250;
const PAGE_BYTES = 4096;
const MILLIS_A_TICK = 10;

/** Looks at a process and its data folder every 250 ms, from outside. Linux only. */
export class Sampler {
  readonly #pid: number;
  readonly #dataDir: string;
  readonly #stop = new AbortController();
  #peakRss = 0;
  #lastRss = 0;
  #peakDisk = 0;
  #peakWal = 0;
  #lastDisk = 0;
  #sinceMillis = performance.now();
  #sinceCpu = 0;
  #sinceWaited = 0;

  constructor(pid: number, dataDir: string) {
    this.#pid = pid;
    this.#dataDir = dataDir;
    void this.#run();
  }

  take(): Sampled {
    this.#look();
    const cpu = this.#cpuSeconds();
    const waited = waitedSeconds(this.#pid) ?? 0;
    const now = performance.now();
    const sampled = {
      seconds: (now - this.#sinceMillis) / 1000,
      cpuSeconds: cpu - this.#sinceCpu,
      waitedSeconds: waited - this.#sinceWaited,
      peakRssBytes: this.#peakRss,
      lastRssBytes: this.#lastRss,
      peakDiskBytes: this.#peakDisk,
      peakWalBytes: this.#peakWal,
      lastDiskBytes: this.#lastDisk,
    };
    this.#sinceMillis = now;
    this.#sinceCpu = cpu;
    this.#sinceWaited = waited;
    this.#peakRss = this.#lastRss;
    this.#peakDisk = this.#lastDisk;
    this.#peakWal = 0;
    return sampled;
  }

  stop(): void {
    this.#stop.abort();
  }

  async #run(): Promise<void> {
    try {
      for await (const _ of setInterval(EVERY_MILLIS, undefined, { signal: this.#stop.signal })) this.#look();
    } catch {
      // Stopped, or the process has ended.
    }
  }

  #look(): void {
    this.#lastRss = Number(readFileSync(`/proc/${this.#pid}/statm`, 'utf8').split(' ')[1]) * PAGE_BYTES;
    const sizes = new Map(
      readdirSync(this.#dataDir)
        .filter((name) => name.startsWith('state.db'))
        .map((name) => [name, statSync(join(this.#dataDir, name), { throwIfNoEntry: false })?.size ?? 0]),
    );
    this.#lastDisk = [...sizes.values()].reduce((a, b) => a + b, 0);
    this.#peakRss = Math.max(this.#peakRss, this.#lastRss);
    this.#peakDisk = Math.max(this.#peakDisk, this.#lastDisk);
    this.#peakWal = Math.max(this.#peakWal, sizes.get('state.db-wal') ?? 0);
  }

  #cpuSeconds(): number {
    const stat = readFileSync(`/proc/${this.#pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return ((Number(fields[11]) + Number(fields[12])) * MILLIS_A_TICK) / 1000;
  }
}
