/** One run: Logferry's reading, as `up` does it, in a world of everything that goes wrong. */
import { setImmediate } from 'node:timers/promises';
import { type Checkpoint, type Gap, isBackfillKey, liveKeyOf } from '../../../../src/contracts/checkpoint.ts';
import { noMetrics } from '../../../../src/contracts/metrics.ts';
import type { Commit, StateStore } from '../../../../src/contracts/state-store.ts';
import { silentLogger } from '../../../../src/foundation/logger.ts';
import { type Random, randomInteger } from '../../../../src/foundation/random.ts';
import { backfill, type LiveReading } from '../../../../src/pipeline/backfill.ts';
import { BackfillTurns } from '../../../../src/pipeline/backfill-turns.ts';
import { Semaphore } from '../../../../src/pipeline/semaphore.ts';
import { ServiceClock } from '../../../../src/pipeline/service-clock.ts';
import { SourceRunner } from '../../../../src/pipeline/source-runner.ts';
import type { Route } from '../../../../src/pipeline/topology.ts';
import { UncommittedBytes } from '../../../../src/pipeline/uncommitted-bytes.ts';
import { CloudWatchLogsSource } from '../../../../src/sources/cloudwatch-logs/cloudwatch-logs-source.ts';
import { cloudWatchLogsOptions } from '../../../../src/sources/cloudwatch-logs/options.ts';
import { WorldClock } from './clock.ts';
import type { BackfillRun, Remains } from './judge.ts';
import { ACCOUNT, REGION, Service } from './service.ts';
import { type Mishap, NaiveState, type Owner, stateOf, type WatchedStateParts } from './state.ts';
import { chanceOf, HOUR, MINUTE, SECOND, START, type Weather } from './weather.ts';
import { planWorld } from './world.ts';

const route: Route = { sourceId: 'logs', steps: [], topics: ['logs'], release: () => [] };
/** After it every wait, back-off and sweep that is still due has had its turn. */
const QUIET_AT_LEAST_MILLIS = 30 * MINUTE;
const DAY = 24 * HOUR;

/** What is durable, opened: by each process anew. */
export type OpenedState = WatchedStateParts['state'] & Pick<StateStore, 'close'>;

/** A process that reads, from its start to its end. */
class Process implements Owner {
  isAlive = true;
  readonly #stop = new AbortController();
  readonly #turns = new BackfillTurns();
  readonly #clock: WorldClock;
  readonly #context;
  readonly #runner: SourceRunner;
  readonly #following: Promise<void>;
  hasEnded = false;

  constructor(world: World) {
    this.#clock = world.clock;
    const clock = world.clock.of(this);
    const { random, weather } = world;
    const shared = { clock, random, logger: silentLogger, metrics: noMetrics };
    const account = world.service.accountOf(this);
    const accounts = { get: () => account, budgets: () => [], close: () => Promise.resolve() };
    const source = new CloudWatchLogsSource(
      optionsOf(weather, world.groups),
      { ...shared, id: 'logs', dataDir: '', accounts },
      undefined,
    );
    this.#context = {
      ...shared,
      store: stateOf(this, world.stateParts(this)),
      route,
      serviceClock: new ServiceClock(clock),
      aheadSlots: new Semaphore(4),
      uncommitted: new UncommittedBytes(),
    };
    this.#runner = new SourceRunner('logs', source, this.#context);
    this.#following = this.#runner.follow(this.#stop.signal).then(() => {
      this.hasEnded = true;
    });
  }

  /** As SIGKILL does. */
  kill(): void {
    this.isAlive = false;
    this.#clock.forget(this);
  }

  /** As Ctrl-C does; `hasEnded` tells when it is over. */
  stop(): void {
    this.#stop.abort(new Error('stopped'));
    void this.#following;
  }

  backfill({ name, fromMillis, toMillis }: BackfillRun): Promise<unknown> {
    const runner = this.#runner;
    const live: LiveReading = {
      read: (keys, counts, signal) => runner.collectOnce(counts, signal, keys),
      headMillis: (key) => runner.headMillis(key),
    };
    const request = { name, fromMillis, toMillis, again: false };
    return backfill(
      runner.source,
      request,
      { ...this.#context, live, turns: this.#turns },
      () => {},
      this.#stop.signal,
    );
  }
}

function optionsOf(weather: Weather, groups: readonly { readonly name: string }[]) {
  const seconds = (millis: number) => `${millis}ms`;
  return cloudWatchLogsOptions.parse({
    log_groups: groups.map(({ name }) => name),
    every: seconds(weather.everyMillis),
    idle_every: seconds(weather.idleEveryMillis),
    start_from: `-${weather.startBeforeMillis}ms`,
    max_lateness: seconds(weather.maxLatenessMillis),
    discover_every: seconds(weather.discoverEveryMillis),
  });
}

class World {
  readonly weather: Weather;
  readonly clock = new WorldClock(START);
  readonly random: Random;
  readonly groups;
  readonly service: Service;
  readonly #open: () => Promise<OpenedState>;
  #state: OpenedState | undefined;
  #calls = 0;
  #kills = 0;
  #mishaps = 0;
  readonly #committed = new Map<string, number>();
  readonly #began = new Map<string, number>();
  readonly #backfills: BackfillRun[] = [];
  readonly #underWay = new Set<BackfillRun>();
  #process: Process | undefined;
  #startAtMillis = START;

  constructor(weather: Weather, open: () => Promise<OpenedState>) {
    this.weather = weather;
    this.#open = open;
    this.random = chanceOf(weather);
    this.groups = planWorld(weather, this.random);
    this.service = new Service(this.groups, this.clock, weather, this.random);
  }

  async run(): Promise<Remains> {
    const { stormMillis, maxLatenessMillis, everyMillis, discoverEveryMillis } = this.weather;
    const stormEnd = START + stormMillis;
    const ahead = this.weather.futureShare > 0 ? 2 * HOUR : 0;
    const rhythm = Math.max(everyMillis, discoverEveryMillis, this.weather.idleEveryMillis);
    const endMillis = stormEnd + QUIET_AT_LEAST_MILLIS + ahead + 1.5 * maxLatenessMillis + 4 * rhythm;
    for (const { atMillis, act } of this.#plan()) {
      await this.#passUntil(atMillis);
      await act();
    }
    await this.#passUntil(stormEnd);
    this.service.isStormy = false;
    this.service.isDenied = false;
    await this.#passUntil(endMillis);
    return await this.#remains();
  }

  stateParts(owner: Process): WatchedStateParts {
    if (this.#state === undefined) throw new Error('The state is opened first.');
    return {
      state: this.#state,
      busy: async (call) => {
        this.#calls++;
        try {
          return await call;
        } finally {
          this.#calls--;
        }
      },
      clock: this.clock,
      draw: () => this.#draw(),
      kill: () => this.#kill(owner),
      committed: (commit) => this.#note(commit),
      // Not longer than the storm.
      fullMillis: () =>
        Math.min(
          this.random.next() * (this.random.next() < 0.2 ? HOUR : MINUTE),
          START + this.weather.stormMillis - this.clock.nowMillis,
        ),
    };
  }

  #draw(): Mishap {
    const mishap = this.#drawn();
    if (mishap !== 'none') this.#mishaps++;
    return mishap;
  }

  #drawn(): Mishap {
    const { killAtCommit, failedCommit, fullSpool } = this.weather;
    if (!this.service.isStormy) return 'none';
    if (this.random.next() < killAtCommit) return this.random.next() < 0.5 ? 'killed before' : 'killed after';
    if (this.random.next() < failedCommit) return 'failed';
    return this.random.next() < fullSpool ? 'full' : 'none';
  }

  #note({ key, batches }: Commit): void {
    if (!isBackfillKey(key) && !this.#began.has(key)) this.#began.set(key, this.clock.nowMillis);
    for (const { batch } of batches)
      for (const { id } of batch.records) this.#committed.set(id, (this.#committed.get(id) ?? 0) + 1);
  }

  #kill(process: Process | undefined): void {
    if (process?.isAlive !== true) return;
    process.kill();
    this.#kills++;
    this.#process = undefined;
    this.#startAtMillis = this.clock.nowMillis + randomInteger(this.random, 0, 20 * SECOND);
    this.#underWay.clear();
  }

  /** What is to happen in the storm, and when. */
  #plan(): { readonly atMillis: number; readonly act: () => void | Promise<void> }[] {
    const { weather, random } = this;
    const plan: { readonly atMillis: number; readonly act: () => void | Promise<void> }[] = [];
    const often = (times: number, act: (atMillis: number) => void | Promise<void>) => {
      for (let n = 0; n < times; n++) {
        const atMillis = START + random.next() * weather.stormMillis;
        plan.push({ atMillis, act: () => act(atMillis) });
      }
    };
    often(weather.kills, () => this.#kill(this.#process));
    often(weather.outages, async () => {
      if (random.next() < 0.5) await this.#stop();
      else this.#kill(this.#process);
      const lastMillis = START + weather.stormMillis;
      const until = this.clock.nowMillis + random.next() * weather.longestOutageMillis;
      this.#startAtMillis = Math.min(lastMillis, until);
    });
    often(weather.denials, (atMillis) => {
      this.service.isDenied = true;
      const endsMillis = atMillis + random.next() * weather.longestOutageMillis;
      this.#atLater(plan, endsMillis, () => {
        this.service.isDenied = false;
      });
    });
    often(weather.clockSets, () => {
      this.clock.wallAheadMillis = random.next() < 0.3 ? 0 : Math.floor((random.next() - 0.5) * 6 * DAY);
    });
    often(weather.machineSleeps, () => {
      const leftMillis = Math.max(0, START + weather.stormMillis - this.clock.nowMillis);
      this.clock.sleepMachine(Math.min(leftMillis, Math.floor(random.next() * 30 * MINUTE)));
    });
    for (let n = 0; n < weather.backfills; n++) {
      const length = weather.startBeforeMillis + 30 * MINUTE;
      const fromMillis = START - length + randomInteger(random, 0, length);
      const toMillis = fromMillis + randomInteger(random, 0, length);
      const name = `b${n}`;
      often(1, () => {
        const startedMillis = this.clock.nowMillis;
        this.#backfills.push({
          name,
          fromMillis,
          toMillis: Math.min(toMillis, startedMillis),
          startedMillis,
          endedMillis: undefined,
        });
      });
    }
    return plan.toSorted((a, b) => a.atMillis - b.atMillis);
  }

  #atLater(
    plan: { readonly atMillis: number; readonly act: () => void | Promise<void> }[],
    atMillis: number,
    act: () => void,
  ): void {
    const index = plan.findIndex((one) => one.atMillis > atMillis);
    plan.splice(index < 0 ? plan.length : index, 0, { atMillis, act });
  }

  async #stop(): Promise<void> {
    const process = this.#process;
    if (process === undefined) return;
    process.stop();
    const patience = this.clock.nowMillis + 10 * MINUTE;
    while (!process.hasEnded && process.isAlive) {
      if (this.clock.nowMillis > patience) throw new Error('The process does not stop.');
      await this.#step(patience);
    }
    this.#process = undefined;
    this.#underWay.clear();
  }

  async #start(): Promise<void> {
    await this.#state?.close();
    this.#state = await this.#open();
    this.#process = new Process(this);
  }

  async #passUntil(millis: number): Promise<void> {
    while (this.clock.nowMillis < millis) await this.#step(millis);
  }

  /** The next thing that happens by then. */
  async #step(untilMillis: number): Promise<void> {
    const isDue = this.#process === undefined && this.#startAtMillis <= this.clock.nowMillis;
    if (isDue) await this.#start();
    const hasBegun = this.#goOnWithBackfills();
    // No time passes before they wait for something.
    if (isDue || hasBegun) await this.#settle();
    const startMillis = this.#process === undefined ? this.#startAtMillis : Number.POSITIVE_INFINITY;
    const nextMillis = Math.min(startMillis, this.clock.nextMillis, untilMillis);
    this.clock.passTo(Math.max(nextMillis, this.clock.nowMillis));
    await this.#settle();
  }

  /** Until everybody waits for the time. */
  async #settle(): Promise<void> {
    do await setImmediate();
    while (this.#calls > 0);
  }

  /** Those that were interrupted begin again under their name. */
  #goOnWithBackfills(): boolean {
    const process = this.#process;
    if (process === undefined) return false;
    let hasBegun = false;
    for (const run of this.#backfills) {
      if (run.endedMillis !== undefined || this.#underWay.has(run)) continue;
      this.#underWay.add(run);
      const again = async () => {
        try {
          await process.backfill(run);
          run.endedMillis = this.clock.nowMillis;
        } catch {
          await this.clock.sleep(process, 20 * SECOND);
        }
        this.#underWay.delete(run);
      };
      void again();
      hasBegun = true;
    }
    return hasBegun;
  }

  async #remains(): Promise<Remains> {
    const all = (await this.#state?.list('')) ?? [];
    await this.#state?.close();
    const keyOf = (name: string) => `logs|arn:aws:logs:${REGION}:${ACCOUNT}:log-group:${name}`;
    const live = new Map<string, Checkpoint>();
    const gaps = new Map<string, readonly Gap[]>();
    const began = new Map<string, number>();
    for (const { name } of this.groups) {
      const stored = all.filter(({ key }) => liveKeyOf(key) === keyOf(name));
      for (const { key, checkpoint } of stored) if (!isBackfillKey(key)) live.set(name, checkpoint);
      gaps.set(
        name,
        stored.flatMap(({ checkpoint }) => checkpoint.gaps),
      );
      began.set(name, this.#began.get(keyOf(name)) ?? Number.POSITIVE_INFINITY);
    }
    const { weather, groups } = this;
    return {
      weather,
      groups,
      endMillis: this.clock.nowMillis,
      committed: this.#committed,
      live,
      gaps,
      began,
      backfills: this.#backfills,
      requests: this.service.requests,
      kills: this.#kills,
      mishaps: this.#mishaps + this.service.mishaps,
    };
  }
}

export async function play(weather: Weather, open = opener(new NaiveState())): Promise<Remains> {
  return await new World(weather, open).run();
}

function opener(state: OpenedState): () => Promise<OpenedState> {
  return () => Promise.resolve(state);
}
