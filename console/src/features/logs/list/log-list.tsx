import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { LogLine } from '../../../api-client/logs.ts';
import classes from './log-list.module.css';
import { LogRow } from './log-row.tsx';
import { recordKey } from './record-key.ts';

const ROW_HEIGHT = 22;
/** So many rows before the end are more asked for. */
const AHEAD = 60;

export interface LogListProps {
  readonly records: readonly LogLine[];
  readonly columns: readonly string[];
  readonly marks: readonly string[];
  readonly wrap: boolean;
  /** What is shown is still that of the query before. */
  readonly isBusy: boolean;
  /** Key of the row that the keyboard stands on. */
  readonly selected: string | undefined;
  readonly formatMillis: (millis: number) => string;
  readonly open: (record: LogLine) => void;
  readonly loadMore: (() => void) | undefined;
  readonly onScroll?: (atTop: boolean) => void;
  readonly foot: ReactNode;
}

/** However many records there are, only those in sight are in the page. */
export function LogList(props: LogListProps) {
  const { records, wrap, isBusy, selected, loadMore, onScroll, foot, ...row } = props;
  const { t } = useTranslation();
  const box = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: records.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW_HEIGHT,
    getItemKey: (index) => recordKey(records[index]),
    overscan: 20,
  });
  const shown = rows.getVirtualItems();
  const lastShown = shown.at(-1)?.index ?? 0;
  useEffect(() => {
    if (loadMore !== undefined && lastShown >= records.length - AHEAD) loadMore();
  }, [lastShown, records.length, loadMore]);
  const selectedIndex = selected === undefined ? -1 : records.findIndex((one) => recordKey(one) === selected);
  useEffect(() => {
    if (selectedIndex >= 0) rows.scrollToIndex(selectedIndex, { align: 'auto' });
  }, [selectedIndex, rows]);
  // Rows of another width have other heights.
  useEffect(() => rows.measure(), [wrap, rows]);
  return (
    <div
      ref={box}
      className={classes['box']}
      data-wrap={wrap}
      aria-busy={isBusy}
      // A region that scrolls can be reached and scrolled by the keyboard.
      tabIndex={0}
      role="log"
      aria-live="off"
      aria-label={t('logs.lines')}
      onScroll={(event) => onScroll?.(event.currentTarget.scrollTop < ROW_HEIGHT)}
    >
      <div className={classes['rows']} style={{ height: rows.getTotalSize() }}>
        {shown.map(({ index, key, start }) => {
          const record = records[index];
          if (record === undefined) return null;
          return (
            <div
              key={key}
              ref={rows.measureElement}
              data-index={index}
              className={classes['place']}
              style={{ transform: `translateY(${start}px)` }}
            >
              <LogRow record={record} isSelected={index === selectedIndex} {...row} />
            </div>
          );
        })}
      </div>
      {foot}
    </div>
  );
}
