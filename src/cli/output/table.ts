import { stripVTControlCharacters } from 'node:util';
import type { Paint } from './paint.ts';

/** Columns as wide as their widest cell; Chinese characters count for two. */
export function renderColumns(
  titles: readonly string[],
  rows: readonly (readonly string[])[],
  paint: Paint,
): string {
  const widths = titles.map((title, column) =>
    Math.max(width(title), ...rows.map((row) => width(row[column] ?? ''))),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => cell + ' '.repeat(Math.max(0, (widths[column] ?? 0) - width(cell))))
      .join('  ')
      .trimEnd();
  return `${[paint('dim', line(titles)), ...rows.map(line)].join('\n')}\n`;
}

/** Cells that a text takes on a terminal. */
export function width(text: string): number {
  let cells = 0;
  for (const character of stripVTControlCharacters(text))
    cells += isWide(character.codePointAt(0) ?? 0) ? 2 : 1;
  return cells;
}

/** East Asian wide characters and emoji, roughly: enough for aligned columns. */
function isWide(code: number): boolean {
  return (code >= 0x1100 && code <= 0x115f) || (code >= 0x2e80 && code <= 0xffdc) || code >= 0x1f300;
}
