import { memo } from 'react';
import type { LogLine } from '../../../api-client/logs.ts';
import { colorOf, toneOf } from '../level-tone.ts';
import { MessageLine } from '../message/message-line.tsx';
import { valueOf, whoOf } from '../record-values.ts';
import classes from './log-list.module.css';

interface LogRowProps {
  readonly record: LogLine;
  readonly isSelected: boolean;
  readonly columns: readonly string[];
  readonly marks: readonly string[];
  readonly formatMillis: (millis: number) => string;
  readonly open: (record: LogLine) => void;
}

export const LogRow = memo(function LogRow(props: LogRowProps) {
  const { record, isSelected, columns, marks, formatMillis, open } = props;
  const tone = toneOf(record.level);
  return (
    // The list as a whole has the keyboard: j, k and Enter.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-static-element-interactions
    <div className={classes['row']} data-selected={isSelected} onClick={() => open(record)}>
      <span className={classes['level']} style={{ background: colorOf(tone) }} title={record.level ?? ''} />
      <time className={classes['time']}>{formatMillis(record.timestampMillis)}</time>
      <span className={classes['who']} title={whoOf(record)}>
        {whoOf(record)}
      </span>
      {columns.map((column) => (
        <span key={column} className={classes['column']}>
          {valueOf(record, column) ?? '–'}
        </span>
      ))}
      <span className={classes['message']} style={tone === 'error' ? { color: colorOf(tone) } : undefined}>
        <MessageLine message={record.message} marks={marks} />
      </span>
    </div>
  );
});
