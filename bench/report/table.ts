/** A table that reads well on a terminal too: the first column to the left, the others to the right unless `left`. */
export function table(
  head: readonly string[],
  rows: readonly string[][],
  align: 'numbers' | 'text' = 'numbers',
): string[] {
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => (row[column] ?? '').length)),
  );
  const isLeft = (column: number) => align === 'text' || column === 0;
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => (isLeft(column) ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join(' | ')} |`;
  const rule = widths.map((width, column) =>
    isLeft(column) ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`,
  );
  return [line(head), line(rule), ...rows.map(line)];
}
