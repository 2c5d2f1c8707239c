import type { LiveGroup } from './live-groups.ts';
import type { LivePage } from './live-pages.ts';
import type { TimeWindow } from './live-plan.ts';

/** What was served of one range of time that was asked for as a whole: a slice, as the collector calls it. */
export interface ServedSlice {
  /** As asked for, both ends inclusive. */
  readonly fromMillis: number;
  readonly toMillis: number;
  readonly pages: number;
  /** Of those, the ones with events that the phase before had been sent already. */
  readonly pagesAgain: number;
}

/** From one mark to the next. */
export interface ServedPhase {
  readonly pages: number;
  /** When the first was asked for, and the last. */
  readonly asked: TimeWindow;
  readonly slices: readonly ServedSlice[];
}

interface Phase {
  pages: number;
  firstMillis: number;
  lastMillis: number;
  readonly slices: Map<string, { -readonly [Key in keyof ServedSlice]: ServedSlice[Key] }>;
}

const newPhase = (): Phase => ({ pages: 0, firstMillis: 0, lastMillis: 0, slices: new Map() });

/** Remembers of each event whether it was sent, so that it is known what is read again after a kill. */
export class ServedPages {
  readonly #sent = new Map<string, Uint8Array>();
  /** Of this phase; believed from the next on. */
  #sending: { readonly group: LiveGroup; readonly fromIndex: number; readonly toIndex: number }[] = [];
  readonly #phases: Phase[] = [newPhase()];

  note(
    group: LiveGroup,
    { fromMillis, toMillis }: TimeWindow,
    { fromIndex, toIndex }: LivePage,
    askedMillis: number,
  ): void {
    const phase = this.#phases.at(-1) as Phase;
    if (phase.pages === 0) phase.firstMillis = askedMillis;
    phase.pages++;
    phase.lastMillis = askedMillis;
    const key = `${group.number} ${fromMillis} ${toMillis}`;
    const slice = phase.slices.get(key) ?? { fromMillis, toMillis, pages: 0, pagesAgain: 0 };
    phase.slices.set(key, slice);
    slice.pages++;
    if (this.#sent.get(group.name)?.subarray(fromIndex, toIndex).includes(1) === true) slice.pagesAgain++;
    this.#sending.push({ group, fromIndex, toIndex });
  }

  nextPhase(): void {
    for (const { group, fromIndex, toIndex } of this.#sending) {
      const sent = this.#sent.get(group.name) ?? new Uint8Array(group.events);
      this.#sent.set(group.name, sent.fill(1, fromIndex, toIndex));
    }
    this.#sending = [];
    this.#phases.push(newPhase());
  }

  report(): readonly ServedPhase[] {
    return this.#phases.map(({ pages, firstMillis, lastMillis, slices }) => ({
      pages,
      asked: { fromMillis: firstMillis, toMillis: lastMillis },
      slices: [...slices.values()],
    }));
  }
}
