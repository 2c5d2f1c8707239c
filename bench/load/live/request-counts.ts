import type { TimeWindow } from './live-plan.ts';
import type { ServedPhase } from './served-pages.ts';

export interface RequestReport {
  /** In the window, by operation. */
  readonly inWindow: Readonly<Record<string, number>>;
  /** FilterLogEvents in the window, by label of the groups. */
  readonly byLabel: Readonly<Record<string, number>>;
  /** The most FilterLogEvents that came in any one second. */
  readonly mostInASecond: number;
  /** Pages of FilterLogEvents, in the window and out of it. */
  readonly phases: readonly ServedPhase[];
}

/** What was asked for, and when. */
export class RequestCounts {
  readonly #window: TimeWindow;
  readonly #inWindow: Record<string, number> = {};
  readonly #byLabel: Record<string, number> = {};
  #second = 0;
  #inSecond = 0;
  #mostInASecond = 0;

  constructor(window: TimeWindow) {
    this.#window = window;
  }

  note(operation: string, label: string | undefined, nowMillis: number): void {
    if (operation === 'FilterLogEvents') this.#countSecond(Math.floor(nowMillis / 1000));
    if (nowMillis < this.#window.fromMillis || nowMillis >= this.#window.toMillis) return;
    this.#inWindow[operation] = (this.#inWindow[operation] ?? 0) + 1;
    if (label !== undefined) this.#byLabel[label] = (this.#byLabel[label] ?? 0) + 1;
  }

  report(): Omit<RequestReport, 'phases'> {
    return {
      inWindow: this.#inWindow,
      byLabel: this.#byLabel,
      mostInASecond: this.#mostInASecond,
    };
  }

  #countSecond(second: number): void {
    if (second !== this.#second) this.#inSecond = 0;
    this.#second = second;
    this.#inSecond++;
    this.#mostInASecond = Math.max(this.#mostInASecond, this.#inSecond);
  }
}
