import { distance } from 'fastest-levenshtein';

/** The candidate that a mistyped name most likely stands for; undefined when none is near enough to be said. */
export function nearestName(typed: string, candidates: Iterable<string>): string | undefined {
  const plain = normalise(typed);
  let best: string | undefined;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    const other = normalise(candidate);
    const away = distance(plain, other);
    // A third of its letters wrong is a slip, letters in another order are one; a prefix of three is an abbreviation.
    const near =
      sorted(plain) === sorted(other) ||
      away <= Math.max(1, Math.floor(Math.max(plain.length, other.length) / 3)) ||
      (plain.length >= 3 && other.startsWith(plain));
    if (near && away < bestDistance) {
      best = candidate;
      bestDistance = away;
    }
  }
  return best;
}

/** ` Did you mean x?`, or nothing: to be put behind a sentence. */
export function didYouMean(typed: string, candidates: Iterable<string>): string {
  const nearest = nearestName(typed, candidates);
  return nearest === undefined ? '' : ` Did you mean "${nearest}"?`;
}

function sorted(name: string): string {
  return name.split('').sort().join('');
}

function normalise(name: string): string {
  // A bound, because the distance costs the product of both lengths.
  return name
    .slice(0, 100)
    .toLowerCase()
    .replaceAll(/[-_\s]/g, '');
}
