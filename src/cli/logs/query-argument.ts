const SYNTAX = /["“”＂()（）]|(?:^|\s)(?:AND|OR|NOT)(?:\s|$)/;

/**
 * The query that words of a command line are. One word is a query as it stands. Of several, one that holds white space was
 * in quotation marks, which the shell took away: it is a phrase, or the value of a field.
 */
export function queryArgument(words: readonly string[]): string {
  if (words.length < 2) return words[0] ?? '';
  return words.map((word) => (/\s/.test(word) && !SYNTAX.test(word) ? asPhrase(word) : word)).join(' ');
}

function asPhrase(word: string): string {
  const field = /^-?[\p{L}_@][\p{L}\p{N}_.@/-]*[:：]/u.exec(word)?.[0] ?? '';
  return `${field}"${word.slice(field.length).replaceAll('\\', '\\\\')}"`;
}
