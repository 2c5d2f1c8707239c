import type { ReactNode } from 'react';
import { parseAnsi } from './ansi.ts';
import classes from './message.module.css';

/** What means something else than itself in an expression. */
const SPECIAL = /[\\^$.*+?()[\]{}|/-]/g;

interface MessageTextProps {
  readonly text: string;
  /** What was searched for, to be marked; found in whatever case. */
  readonly marks: readonly string[];
}

/** A message as text, whatever it holds: colours of a terminal are shown, HTML and scripts are letters like others. */
export function MessageText({ text, marks }: MessageTextProps) {
  return parseAnsi(text).map(({ text: part, styles }, index) => (
    // The parts of a text have no other name than their place.
    // oxlint-disable-next-line react/no-array-index-key
    <span key={index} className={styles.map((style) => classes[style] ?? '').join(' ')}>
      {marked(part, marks)}
    </span>
  ));
}

function marked(text: string, marks: readonly string[]): ReactNode {
  const wanted = marks.filter((mark) => mark !== '');
  if (wanted.length === 0) return text;
  const any = new RegExp(
    `(${wanted.map((mark) => mark.replaceAll(SPECIAL, String.raw`\$&`)).join('|')})`,
    'gi',
  );
  const parts = text.split(any);
  if (parts.length === 1) return text;
  // Odd places hold what the expression found.
  return parts.map((part, index) =>
    // oxlint-disable-next-line react/no-array-index-key
    index % 2 === 1 ? <mark key={index}>{part}</mark> : part,
  );
}
