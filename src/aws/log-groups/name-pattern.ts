import { LogferryError } from '../../foundation/logferry-error.ts';

/** A name as people write it in the configuration: exact, with `*` for any text (slashes too), or `/regex/`. */
export interface NamePattern {
  readonly text: string;
  readonly kind: 'exact' | 'glob' | 'regex';
  /** What every matching name begins with; '' when that is not known. */
  readonly literalPrefix: string;
  matches(name: string): boolean;
}

/**
 * `/ecs/` is an exact name although it stands between slashes: log group names look like that, so a regular expression
 * is only what also holds a character that no name can have.
 */
const REGEX = /^\/(.*[\\^$*+?()[\]{}|].*)\/$/s;

/** Throws CONFIG_INVALID for a regular expression that does not compile. */
export function parseNamePattern(text: string): NamePattern {
  const regex = REGEX.exec(text)?.[1];
  if (regex !== undefined) {
    const compiled = compileRegex(regex, text);
    return { text, kind: 'regex', literalPrefix: '', matches: (name) => compiled.test(name) };
  }
  const star = text.indexOf('*');
  if (star === -1) return exactName(text);
  const parts = text.split('*');
  return {
    text,
    kind: 'glob',
    literalPrefix: text.slice(0, star),
    matches: (name) => matchesGlob(name, parts),
  };
}

/** A name that was found, whatever characters it holds. */
export function exactName(text: string): NamePattern {
  return { text, kind: 'exact', literalPrefix: text, matches: (name) => name === text };
}

export function parseNamePatterns(texts: readonly string[]): readonly NamePattern[] {
  return texts.map(parseNamePattern);
}

export function matchesAny(patterns: readonly NamePattern[], name: string): boolean {
  return patterns.some((pattern) => pattern.matches(name));
}

function compileRegex(regex: string, text: string): RegExp {
  try {
    return new RegExp(regex, 'u');
  } catch (cause) {
    throw new LogferryError('CONFIG_INVALID', `"${text}" is no regular expression.`, {
      cause,
      hint: 'Correct the expression between the slashes, or write a name with * for any text.',
    });
  }
}

/** Greedy from the left, which is right for stars alone and never back-tracks: linear in the name for each part. */
function matchesGlob(name: string, parts: readonly string[]): boolean {
  const first = parts[0] ?? '';
  const last = parts.at(-1) ?? '';
  if (name.length < first.length + last.length || !name.startsWith(first) || !name.endsWith(last))
    return false;
  let at = first.length;
  const end = name.length - last.length;
  for (const part of parts.slice(1, -1)) {
    const found = name.indexOf(part, at);
    if (found === -1 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
}
