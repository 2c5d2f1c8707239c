import type { PipelineStatus } from '../pipeline/pipeline.ts';

/** How long reading has waited for space in a spool of which no destination took anything. */
export class StalledSpool {
  #sinceMonotonic: number | undefined;
  #settled = -1;

  /** To be called now and then; 0 while reading goes on or some destination does. */
  lookAt({ spool, destinations }: PipelineStatus, nowMonotonic: number): number {
    const settled = destinations.reduce((sum, one) => sum + one.delivered + one.deadLetters, 0);
    const isStalled = spool.fullSinceMillis !== undefined && settled === this.#settled;
    this.#settled = settled;
    this.#sinceMonotonic = isStalled ? (this.#sinceMonotonic ?? nowMonotonic) : undefined;
    return this.#sinceMonotonic === undefined ? 0 : nowMonotonic - this.#sinceMonotonic;
  }
}
