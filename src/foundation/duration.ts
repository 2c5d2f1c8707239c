const UNIT_MILLIS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;

type Unit = keyof typeof UNIT_MILLIS;

const PART = /(\d+(?:\.\d+)?)(ms|[smhdw])/gy;

/** Reads `250ms`, `10s`, `2h30m`, `7d`, `-15m` (and `0`) into milliseconds; undefined when it is no duration. */
export function parseDuration(text: string): number | undefined {
  const trimmed = text.trim();
  const negative = trimmed.startsWith('-');
  const body = negative ? trimmed.slice(1) : trimmed;
  if (body === '0') return 0;
  let total = 0;
  let end = 0;
  for (const [whole, amount, unit] of body.matchAll(PART)) {
    total += Number(amount) * UNIT_MILLIS[unit as Unit];
    end += whole.length;
  }
  if (end === 0 || end !== body.length) return undefined;
  return Math.round(negative ? -total : total);
}

/** The shortest exact text for a duration: 90000 → `1m30s`, 86400000 → `1d`. */
export function formatDuration(millis: number): string {
  if (millis === 0) return '0s';
  let rest = Math.abs(Math.round(millis));
  let text = '';
  for (const unit of ['d', 'h', 'm', 's', 'ms'] as const) {
    const count = Math.floor(rest / UNIT_MILLIS[unit]);
    if (count === 0) continue;
    text += `${count}${unit}`;
    rest -= count * UNIT_MILLIS[unit];
  }
  return millis < 0 ? `-${text}` : text;
}

/** For people: at most the two largest units, 93784000 → `1d2h`. */
export function formatRoughDuration(millis: number): string {
  const parts = formatDuration(millis < 1000 ? Math.round(millis) : Math.round(millis / 1000) * 1000).match(
    /-?\d+[a-z]+/g,
  );
  return parts?.slice(0, 2).join('') ?? '0s';
}
