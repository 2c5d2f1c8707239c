/** A value of the SDK's shapes as AWS JSON 1.1 writes it: times are seconds with a fraction. */
export function wireValue(value: unknown): unknown {
  if (value instanceof Date) return value.getTime() / 1000;
  if (Array.isArray(value)) return value.map(wireValue);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== undefined)
      .map(([name, inner]) => [name, wireValue(inner)]),
  );
}
