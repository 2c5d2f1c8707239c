const NANOS_PER_UNIT = {
  n: 1n,
  u: 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
} as const;

/** Nanoseconds of a timestamp. An unknown precision silently means nanoseconds; without one, the size tells. */
export function timestampNanos(text: string, precision: string | null): bigint {
  const value = BigInt(text);
  if (precision === null || precision === '') return value * guessedUnit(value);
  return value * (Object.hasOwn(NANOS_PER_UNIT, precision) ? NANOS_PER_UNIT[precision as 'n'] : 1n);
}

/** Seconds have 10 digits nowadays, milliseconds 13, microseconds 16, nanoseconds 19. */
function guessedUnit(value: bigint): bigint {
  const size = value < 0n ? -value : value;
  if (size < 100_000_000_000n) return NANOS_PER_UNIT.s;
  if (size < 100_000_000_000_000n) return NANOS_PER_UNIT.ms;
  if (size < 100_000_000_000_000_000n) return NANOS_PER_UNIT.u;
  return NANOS_PER_UNIT.n;
}
