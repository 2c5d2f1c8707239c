import type { Discovery } from '../../contracts/pull-source.ts';
import { describeError, LogferryError } from '../../foundation/logferry-error.ts';

export interface RegionValue<Value> {
  readonly region: string;
  readonly value: Value;
}

export interface RegionValues<Value> {
  readonly values: readonly RegionValue<Value>[];
  readonly warnings: Discovery['warnings'];
}

/**
 * Asks every Region at once, so that one that fails stops no other. Of a Region that fails now, what it answered last
 * stands: otherwise a passing error would look as if everything in it had been taken away.
 */
export class EachRegion<Value> {
  readonly #last = new Map<string, Value>();

  /** Throws the first failure when no Region has an answer, old or new. */
  async ask(
    regions: readonly string[],
    ask: (region: string, previous: Value | undefined) => Promise<Value>,
    signal: AbortSignal,
  ): Promise<RegionValues<Value>> {
    const answers = await Promise.allSettled(regions.map((region) => ask(region, this.#last.get(region))));
    signal.throwIfAborted();
    const values: RegionValue<Value>[] = [];
    const warnings: Discovery['warnings'][number][] = [];
    let failure: unknown;
    answers.forEach((answer, index) => {
      const region = regions[index] ?? '';
      if (answer.status === 'fulfilled') this.#last.set(region, answer.value);
      else {
        failure ??= answer.reason;
        warnings.push(regionFailed(region, answer.reason, this.#last.has(region)));
      }
      const value = this.#last.get(region);
      if (value !== undefined) values.push({ region, value });
    });
    if (values.length === 0 && failure !== undefined) throw failure as Error;
    return { values, warnings };
  }
}

function regionFailed(region: string, thrown: unknown, known: boolean): Discovery['warnings'][number] {
  const hint = thrown instanceof LogferryError ? thrown.hint : undefined;
  const stands = known ? ' What was found there before is read on.' : '';
  return {
    title: `Region ${region} could not be looked at`,
    detail: `${describeError(thrown)}${stands}`,
    ...(hint !== undefined && { fix: hint }),
  };
}
