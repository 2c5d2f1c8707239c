export interface Tally {
  /** Wanted, and never come. */
  readonly lost: number;
  /** Come more often than wanted. */
  readonly twice: number;
}

/** Compares what came with what there was, each as often as it stands there. */
export function tally(wanted: readonly string[], came: readonly string[]): Tally {
  const missing = new Map<string, number>();
  for (const one of wanted) missing.set(one, (missing.get(one) ?? 0) + 1);
  let twice = 0;
  for (const one of came) {
    const left = missing.get(one) ?? 0;
    if (left === 0) twice++;
    else missing.set(one, left - 1);
  }
  return { lost: [...missing.values()].reduce((a, b) => a + b, 0), twice };
}
