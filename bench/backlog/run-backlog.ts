/**
 *   DataKit refuses ──── all is in the spool, or the spool is full ──── DataKit is up ──── all has arrived ──── stop
 */
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { LoadProcess } from '../load/load-process.ts';
import { Collector } from './collector.ts';
import type { BacklogOptions } from './options.ts';
import { type Sampled, Sampler } from './sampler.ts';

const LOOK_MILLIS = 2000;
/** A full spool takes nothing more: nothing was committed for so long. */
const STANDS_STILL_MILLIS = 8000;
const LONGEST_MILLIS = 3 * 3_600_000;
/** What the metric of the event loop counts beside the delay: its own timer. */
const LOOP_RESOLUTION_MILLIS = 10;

export interface Phase extends Sampled {
  readonly name: 'read' | 'delivered';
  /** Records that were committed, or that arrived, in it. */
  readonly records: number;
  /** The worst of the windows of two seconds. */
  readonly loopDelayP99Millis: number;
  readonly loopDelayMaxMillis: number;
}

export interface BacklogRun {
  readonly phases: readonly Phase[];
  readonly wasFull: boolean;
  readonly arrived: number;
  readonly twice: number;
  readonly unknown: number;
  readonly exitCode: number | null;
}

type Tell = (text: string) => void;

export async function runBacklog(
  options: BacklogOptions,
  runDir: string,
  tell: Tell,
  signal: AbortSignal,
): Promise<BacklogRun> {
  const { records, hours } = options;
  const toMillis = Date.now();
  const fromMillis = toMillis - hours * 3_600_000;
  const port = await freePort();
  const endpoint = await LoadProcess.start(
    '../backlog/endpoint-process.ts',
    { records, fromMillis, toMillis },
    signal,
  );
  let datakit: LoadProcess | undefined;
  let collector: Collector | undefined;
  let sampler: Sampler | undefined;
  try {
    const datakitUrl = `http://127.0.0.1:${port}`;
    const up = await Collector.start({
      ...options,
      runDir,
      awsUrl: endpoint.ready.url,
      datakitUrl,
      fromMillis,
    });
    collector = up;
    sampler = new Sampler(up.pid, up.dataDir);
    const reading = new PhaseWatch('read', up, sampler, tell, signal);
    const committed = await reading.until('logferry_committed_records_total', records, STANDS_STILL_MILLIS);
    const phases = [reading.end(committed)];
    datakit = await LoadProcess.start('../backlog/datakit-process.ts', { port, records }, signal);
    const delivering = new PhaseWatch('delivered', up, sampler, tell, signal);
    await delivering.until('logferry_delivered_records_total', records, undefined);
    phases.push(delivering.end(records));
    const exitCode = await up.stop();
    const { arrived = 0, twice = 0, unknown = 0 } = (await datakit.usage(signal)).counts;
    return { phases, wasFull: committed < records, arrived, twice, unknown, exitCode };
  } finally {
    sampler?.stop();
    collector?.kill();
    await endpoint.close();
    await datakit?.close();
  }
}

class PhaseWatch {
  readonly #name: Phase['name'];
  readonly #collector: Collector;
  readonly #sampler: Sampler;
  readonly #tell: Tell;
  readonly #signal: AbortSignal;
  #loopP99 = 0;
  #loopMax = 0;

  constructor(name: Phase['name'], collector: Collector, sampler: Sampler, tell: Tell, signal: AbortSignal) {
    this.#name = name;
    this.#collector = collector;
    this.#sampler = sampler;
    this.#tell = tell;
    this.#signal = signal;
    sampler.take();
  }

  /** Resolves to what the counter then says: all of it, or less where it stands still for so long. */
  async until(counter: string, wanted: number, stillMillis: number | undefined): Promise<number> {
    const startedMillis = performance.now();
    let seen = 0;
    let movedMillis = startedMillis;
    for (let look = 0; ; look++) {
      await sleep(LOOK_MILLIS, undefined, { signal: this.#signal });
      if (this.#collector.hasEnded) throw new Error('Logferry ended by itself.');
      const metrics = await this.#collector.metrics();
      this.#noteLoop(metrics, look);
      const value = metrics.get(counter) ?? 0;
      const now = performance.now();
      if (value > seen) movedMillis = now;
      seen = value;
      if (look % 5 === 4) this.#tell(`  ${this.#name} ${value.toLocaleString('en')}`);
      if (value >= wanted) return value;
      if (stillMillis !== undefined && value > 0 && now - movedMillis > stillMillis) return value;
      if (now - startedMillis > LONGEST_MILLIS)
        throw new Error(`Only ${value} of ${wanted} after three hours.`);
    }
  }

  end(records: number): Phase {
    return {
      name: this.#name,
      records,
      ...this.#sampler.take(),
      loopDelayP99Millis: this.#loopP99,
      loopDelayMaxMillis: this.#loopMax,
    };
  }

  #noteLoop(metrics: ReadonlyMap<string, number>, look: number): void {
    const delayOf = (name: string) => (metrics.get(name) ?? 0) * 1000 - LOOP_RESOLUTION_MILLIS;
    // The first one also has what was before.
    if (look === 0) return;
    this.#loopP99 = Math.max(this.#loopP99, delayOf('nodejs_eventloop_lag_p99_seconds'));
    this.#loopMax = Math.max(this.#loopMax, delayOf('nodejs_eventloop_lag_max_seconds'));
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  if (address === null || typeof address === 'string') throw new Error('No port.');
  return address.port;
}
