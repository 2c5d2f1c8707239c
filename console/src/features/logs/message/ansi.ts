/** The colours that a program wrote for a terminal, as parts with classes; whatever else it told the terminal is left out. */

export interface AnsiPart {
  readonly text: string;
  /** Names of the 16 colours and of styles, such as `red`, `bright-blue`, `bold`. */
  readonly styles: readonly string[];
}

const NAMES = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'] as const;
const STYLES: Readonly<Record<number, string>> = { 1: 'bold', 2: 'dim', 3: 'italic', 4: 'underline' };
// Escape sequences: CSI with its end letter, OSC up to BEL or ST, and the two-character ones.
const ESCAPE = /\u001b(?:\[([0-?]*)[ -/]*([@-~])|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[ -/]*[0-~])/g;

export function parseAnsi(text: string): readonly AnsiPart[] {
  if (!text.includes('\u001b')) return [{ text, styles: [] }];
  const parts: AnsiPart[] = [];
  let styles: readonly string[] = [];
  let from = 0;
  for (const match of text.matchAll(ESCAPE)) {
    if (match.index > from) parts.push({ text: text.slice(from, match.index), styles });
    from = match.index + match[0].length;
    if (match[2] === 'm') styles = afterCodes(styles, match[1] ?? '');
  }
  if (from < text.length) parts.push({ text: text.slice(from), styles });
  return parts;
}

/** Without anything that was meant for a terminal. */
export function withoutAnsi(text: string): string {
  return text.includes('\u001b') ? text.replaceAll(ESCAPE, '') : text;
}

function afterCodes(before: readonly string[], codes: string): readonly string[] {
  let styles = before;
  const numbers = codes.split(/[;:]/).map(Number);
  for (let index = 0; index < numbers.length; index++) {
    const code = numbers[index] ?? 0;
    // 256 colours and true colour have further numbers; a log is readable without them.
    if (code === 38 || code === 48) index += numbers[index + 1] === 5 ? 2 : 4;
    else styles = afterCode(styles, code);
  }
  return styles;
}

function afterCode(styles: readonly string[], code: number): readonly string[] {
  if (code === 0) return [];
  const style = STYLES[code];
  if (style !== undefined) return [...styles.filter((one) => one !== style), style];
  if (code === 22) return styles.filter((one) => one !== 'bold' && one !== 'dim');
  if (code === 39) return styles.filter((one) => !isColor(one));
  const name = NAMES[code % 10];
  if (name === undefined) return styles;
  if (code >= 30 && code <= 37) return [...styles.filter((one) => !isColor(one)), name];
  if (code >= 90 && code <= 97) return [...styles.filter((one) => !isColor(one)), `bright-${name}`];
  return styles;
}

function isColor(style: string): boolean {
  return NAMES.some((name) => style === name || style === `bright-${name}`);
}
