import type { Transform, TransformResult } from '../../contracts/transform.ts';
import type { LogRecord } from '../../record/log-record.ts';

export interface NamedStep {
  /** Its state is stored under this name: a step that is added or left out does not touch the others'. */
  readonly name: string;
  readonly transform: Transform;
  /** Called only while it has state: it gives back what was held before the configuration changed. */
  readonly onlyReleases?: boolean;
}

/** Several transforms as one: each takes what the one before kept. */
export class TransformChain implements Transform {
  readonly #steps: readonly NamedStep[];

  constructor(steps: readonly NamedStep[]) {
    this.#steps = steps;
  }

  apply(records: readonly LogRecord[], state: unknown, nowMillis: number): TransformResult {
    const before = (typeof state === 'object' && state !== null ? state : {}) as Record<string, unknown>;
    const after: Record<string, unknown> = {};
    const dropped: Record<string, number> = {};
    const failed: Record<string, number> = {};
    let kept = records;
    let wakeAtMillis: number | undefined;
    for (const { name, transform, onlyReleases } of this.#steps) {
      if (onlyReleases === true && before[name] === undefined) continue;
      const result = transform.apply(kept, before[name], nowMillis);
      kept = result.kept;
      if (result.state !== undefined) after[name] = result.state;
      add(dropped, result.dropped);
      add(failed, result.failed);
      if (result.wakeAtMillis !== undefined)
        wakeAtMillis = Math.min(wakeAtMillis ?? result.wakeAtMillis, result.wakeAtMillis);
    }
    return {
      kept,
      dropped,
      failed,
      state: Object.keys(after).length === 0 ? undefined : after,
      ...(wakeAtMillis !== undefined && { wakeAtMillis }),
    };
  }
}

function add(sum: Record<string, number>, counts: Readonly<Record<string, number>>): void {
  for (const [reason, count] of Object.entries(counts)) sum[reason] = (sum[reason] ?? 0) + count;
}
