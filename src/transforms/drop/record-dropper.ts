import { NOTHING_COUNTED, type Transform, type TransformResult } from '../../contracts/transform.ts';
import type { LogRecord } from '../../record/log-record.ts';
import type { Condition } from './condition.ts';

/** The reason of what no condition of `keep` wants. */
export const NOT_KEPT = 'not_kept';

/** Drops what fits a condition of `when`, and, where there is a `keep`, what fits none of its conditions. */
export class RecordDropper implements Transform {
  readonly #when: readonly Condition[];
  readonly #keep: readonly Condition[];

  constructor(when: readonly Condition[], keep: readonly Condition[]) {
    this.#when = when;
    this.#keep = keep;
  }

  apply(records: readonly LogRecord[]): TransformResult {
    const dropped: Record<string, number> = {};
    const kept = records.filter((record) => {
      const reason = this.#reasonToDrop(record);
      if (reason !== undefined) dropped[reason] = (dropped[reason] ?? 0) + 1;
      return reason === undefined;
    });
    return {
      kept: kept.length === records.length ? records : kept,
      dropped,
      failed: NOTHING_COUNTED,
      state: undefined,
    };
  }

  #reasonToDrop(record: LogRecord): string | undefined {
    for (const condition of this.#when) if (condition.holds(record)) return condition.reason;
    if (this.#keep.length === 0) return undefined;
    return this.#keep.some((condition) => condition.holds(record)) ? undefined : NOT_KEPT;
  }
}
