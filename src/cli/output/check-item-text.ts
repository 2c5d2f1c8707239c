import type { CheckItem } from '../../contracts/check-report.ts';
import { type Paint, safeText } from './paint.ts';

/** A line with ✓, ! or ✗, and the next step below it. */
export function renderCheckItem(item: CheckItem, paint: Paint): string {
  const detail = item.detail === undefined ? '' : `: ${safeText(item.detail)}`;
  const fix =
    'fix' in item && item.fix !== undefined
      ? `      ${paint('cyan', 'next')} ${indent(safeText(item.fix))}\n`
      : '';
  switch (item.status) {
    case 'ok':
      return `  ${paint('green', '✓')} ${safeText(item.title)}${paint('dim', detail)}\n`;
    case 'warning':
      return `  ${paint('yellow', '!')} ${safeText(item.title)}${detail}\n${fix}`;
    case 'failed':
      return `  ${paint('red', '✗')} ${safeText(item.title)}${detail} ${paint('dim', `(${item.code})`)}\n${fix}`;
  }
}

const indent = (text: string) => text.replaceAll('\n', '\n           ');
