import type { NamePattern } from './name-pattern.ts';

/** More listings than this are made fewer by listing the "folders" that the names are in. */
const MAX_LISTINGS = 25;

/**
 * The prefixes to list so that every name that a pattern can match is seen: none begins with another. '' = all.
 * Names are looked up by listing, because that is what also tells whether they exist, and their creation time.
 */
export function listingPrefixes(patterns: readonly NamePattern[]): readonly string[] {
  const prefixes = withoutCovered(patterns.map((pattern) => pattern.literalPrefix));
  if (prefixes.length <= MAX_LISTINGS) return prefixes;
  return withoutCovered(
    prefixes.map((prefix) => {
      const folder = prefix.slice(0, prefix.lastIndexOf('/', prefix.length - 2) + 1);
      // '/' alone would list nearly everything there is.
      return folder.length > 1 ? folder : prefix;
    }),
  );
}

function withoutCovered(prefixes: readonly string[]): readonly string[] {
  const kept: string[] = [];
  for (const prefix of [...new Set(prefixes)].sort()) {
    // Sorted, so that what covers a prefix stands before it, with only covered ones in between.
    const cover = kept.at(-1);
    if (cover === undefined || !prefix.startsWith(cover)) kept.push(prefix);
  }
  return kept;
}
