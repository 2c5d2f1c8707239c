/**
 * How many pages of events the process has under way or in memory at once, over all budgets: what bounds its memory
 * while every account and Region has a backlog. The first place of a budget is always free, so that one that does not
 * answer holds up no other.
 */
export class Places {
  readonly #size: number;
  #taken = 0;
  /** Called in turn when there is a place again. */
  readonly #takers = new Set<() => void>();

  constructor(size: number) {
    this.#size = size;
  }

  join(onFree: () => void): void {
    this.#takers.add(onFree);
  }

  /** `held`: how many the asking budget has already. */
  isFree(held: number): boolean {
    return held === 0 || this.#taken < this.#size;
  }

  take(taker: () => void): void {
    this.#taken++;
    this.#takers.delete(taker);
    this.#takers.add(taker);
  }

  free(): void {
    this.#taken--;
    for (const tell of this.#takers) tell();
  }
}
