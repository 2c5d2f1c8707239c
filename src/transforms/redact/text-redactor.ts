import type { SecretPattern } from './secret-sets.ts';

export interface Redacted {
  readonly text: string;
  readonly count: number;
}

/** Own patterns see this much at a time (UTF-16 units), so that the time they take is bounded. */
export const OWN_PATTERN_LENGTH = 4096;

export interface OwnSecret {
  readonly pattern: RegExp;
  readonly replacement: string;
}

/** Replaces what the patterns find: each in turn, so that an earlier placeholder may be seen by a later pattern. */
export function redactText(
  text: string,
  sets: readonly SecretPattern[],
  own: readonly OwnSecret[],
): Redacted {
  let result = text;
  let count = 0;
  for (const { label, pattern, needs, accepts } of sets) {
    if (needs !== undefined && !hasNeeded(result, needs)) continue;
    result = result.replace(pattern, (found: string, ...groups: unknown[]) => {
      if (accepts !== undefined && !accepts(found)) return found;
      count++;
      // After the groups come the offset, a number, and the whole text.
      const before = typeof groups[0] === 'string' ? groups[0] : '';
      const after = typeof groups[0] === 'string' && typeof groups[1] === 'string' ? groups[1] : '';
      return `${before}${openingQuote(found, before)}[redacted:${label}]${after}`;
    });
  }
  for (const { pattern, replacement } of own) {
    result = byPieces(result, (piece) =>
      piece.replace(pattern, (found) => {
        if (found === '') return found;
        count++;
        return replacement;
      }),
    );
  }
  return count === 0 ? { text, count } : { text: result, count };
}

function hasNeeded(text: string, needs: readonly string[] | RegExp): boolean {
  return needs instanceof RegExp ? needs.test(text) : needs.some((literal) => text.includes(literal));
}

/** `password="x"` keeps both quotes, so that JSON stays JSON. */
function openingQuote(found: string, before: string): string {
  return /^\\?["']/.exec(found.slice(before.length, before.length + 2))?.[0] ?? '';
}

/** Line by line, without the line feed, and long lines in pieces that end at a blank where there is one. */
function byPieces(text: string, change: (piece: string) => string): string {
  return text
    .split('\n')
    .map((line) => (line.length <= OWN_PATTERN_LENGTH ? change(line) : piecesOf(line).map(change).join('')))
    .join('\n');
}

function piecesOf(line: string): string[] {
  const pieces: string[] = [];
  for (let at = 0; at < line.length; ) {
    const limit = at + OWN_PATTERN_LENGTH;
    const blank = limit < line.length ? line.lastIndexOf(' ', limit - 1) : -1;
    const end = blank > at + OWN_PATTERN_LENGTH / 2 ? blank + 1 : limit;
    pieces.push(line.slice(at, end));
    at = end;
  }
  return pieces;
}
