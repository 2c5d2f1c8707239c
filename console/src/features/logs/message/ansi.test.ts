import { expect, test } from 'vitest';
import { parseAnsi, withoutAnsi } from './ansi.ts';

const ESC = '\u001b[';

test('text without escapes is one part', () => {
  expect(parseAnsi('plain')).toEqual([{ text: 'plain', styles: [] }]);
});

test('colours begin, change, and end', () => {
  expect(parseAnsi(`a${ESC}31mb${ESC}92;1mc${ESC}39md${ESC}0me`)).toEqual([
    { text: 'a', styles: [] },
    { text: 'b', styles: ['red'] },
    { text: 'c', styles: ['bright-green', 'bold'] },
    { text: 'd', styles: ['bold'] },
    { text: 'e', styles: [] },
  ]);
});

test('what moves a cursor, sets a title, or has more colours than a log needs is left out', () => {
  const text = `${ESC}2J${ESC}1;1H\u001b]0;title\u0007one${ESC}38;5;208m two${ESC}38;2;1;2;3m three`;
  expect(parseAnsi(text).map((part) => part.text)).toEqual(['one', ' two', ' three']);
  expect(withoutAnsi(text)).toBe('one two three');
});

test('an escape that is cut off is not shown', () => {
  expect(withoutAnsi(`end${ESC}`)).not.toContain('\u001b[3');
  expect(withoutAnsi('a\u001b]8;;http://x')).toBe('a');
});
