import { ReceivedPoints } from '../../../src/demo/datakit/received-points.ts';
import type { Clock } from '../../../src/foundation/clock.ts';
import { type LiveGroup, partsOfId, timeOf, visibleAt } from './live-groups.ts';
import type { TimeWindow } from './live-plan.ts';

export interface LagReport {
  /** Events that became visible in the window and have arrived. */
  readonly events: number;
  /** From visible to arrived, milliseconds of the scenario's time. */
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
  /** By group, those without events left out: the mean of its events. */
  readonly meanByGroup: readonly number[];
}

export interface ArrivalReport {
  readonly expected: number;
  readonly arrived: number;
  /** Arrivals of what had arrived already. */
  readonly twice: number;
  /** Points that are none of these events. */
  readonly unknown: number;
  /** Some of those that did not arrive, in words. */
  readonly missing: readonly string[];
  readonly lag: Readonly<Record<string, LagReport>>;
}

const STEP_MILLIS = 10;
/** An hour; what is later counts as that. */
const STEPS = 360_000;
const SOME = 5;

/** Keeps of each event that it came, and of each that became visible in the window how long it took. */
export class Arrivals extends ReceivedPoints {
  readonly #groups: readonly LiveGroup[];
  readonly #clock: Clock;
  readonly #window: TimeWindow;
  readonly #came: readonly Uint8Array[];
  readonly #lagSum: Float64Array;
  readonly #lagCount: Uint32Array;
  readonly #histograms = new Map<string, Uint32Array>();
  #arrived = 0;
  #twice = 0;
  #unknown = 0;

  constructor(groups: readonly LiveGroup[], window: TimeWindow, clock: Clock) {
    super({ keep: 'event_ids' });
    this.#groups = groups;
    this.#clock = clock;
    this.#window = window;
    this.#came = groups.map(({ events }) => new Uint8Array(Math.ceil(events / 8)));
    this.#lagSum = new Float64Array(groups.length);
    this.#lagCount = new Uint32Array(groups.length);
    for (const { label } of groups)
      if (!this.#histograms.has(label)) this.#histograms.set(label, new Uint32Array(STEPS + 1));
  }

  override addEventId(id: string): void {
    const parts = partsOfId(id);
    const group = parts && this.#groups[parts.number];
    if (parts === undefined || group === undefined || parts.index >= group.events) {
      this.#unknown++;
      return;
    }
    const { index } = parts;
    const came = this.#came[group.number] as Uint8Array;
    const bit = 1 << (index & 7);
    const before = came[index >> 3] as number;
    if ((before & bit) !== 0) {
      this.#twice++;
      return;
    }
    came[index >> 3] = before | bit;
    this.#arrived++;
    this.#noteLag(group, visibleAt(group, index));
  }

  report(): ArrivalReport {
    const labels = [...this.#histograms.keys()];
    return {
      expected: this.#groups.reduce((sum, { events }) => sum + events, 0),
      arrived: this.#arrived,
      twice: this.#twice,
      unknown: this.#unknown,
      missing: this.#missing(),
      lag: Object.fromEntries(labels.map((label) => [label, this.#lagOf(label)])),
    };
  }

  #missing(): string[] {
    return this.#groups.flatMap((group) => {
      const came = this.#came[group.number] as Uint8Array;
      const missing: number[] = [];
      for (let index = 0; index < group.events; index++)
        if (((came[index >> 3] as number) & (1 << (index & 7))) === 0) missing.push(index);
      if (missing.length === 0) return [];
      const seconds = (millis: number) => Math.round(millis / 1000);
      const some = missing
        .filter((_, at) => at % Math.ceil(missing.length / SOME) === 0)
        .map((index) => {
          const millis = timeOf(group, index);
          return `${seconds(group.toMillis - millis)} s before the end, ${seconds(visibleAt(group, index) - millis)} s late`;
        });
      return [`${group.name}: ${missing.length}, such as ${some.join('; ')}`];
    });
  }

  #noteLag(group: LiveGroup, visibleMillis: number): void {
    if (visibleMillis < this.#window.fromMillis || visibleMillis >= this.#window.toMillis) return;
    const lagMillis = Math.max(0, this.#clock.now() - visibleMillis);
    const histogram = this.#histograms.get(group.label) as Uint32Array;
    const step = Math.min(STEPS, Math.floor(lagMillis / STEP_MILLIS));
    histogram[step] = (histogram[step] as number) + 1;
    this.#lagSum[group.number] = (this.#lagSum[group.number] as number) + lagMillis;
    this.#lagCount[group.number] = (this.#lagCount[group.number] as number) + 1;
  }

  #lagOf(label: string): LagReport {
    const histogram = this.#histograms.get(label) as Uint32Array;
    const events = histogram.reduce((a, b) => a + b, 0);
    const groups = this.#groups.filter(
      (group) => group.label === label && (this.#lagCount[group.number] ?? 0) > 0,
    );
    return {
      events,
      p50: percentile(histogram, events, 0.5),
      p95: percentile(histogram, events, 0.95),
      p99: percentile(histogram, events, 0.99),
      max: percentile(histogram, events, 1),
      meanByGroup: groups.map(({ number }) => (this.#lagSum[number] ?? 0) / (this.#lagCount[number] ?? 1)),
    };
  }
}

/** The upper end of the step that this share of the events lies in or below. */
function percentile(histogram: Uint32Array, events: number, share: number): number {
  let left = Math.ceil(events * share);
  if (left === 0) return 0;
  const step = histogram.findIndex((count) => {
    left -= count;
    return left <= 0;
  });
  return (step + 1) * STEP_MILLIS;
}
