import { Text } from '@mantine/core';
import { type PointerEvent, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Histogram as HistogramData } from '../../../api-client/logs.ts';
import { useFormat } from '../../../ui/use-format.ts';
import { colorOf } from '../level-tone.ts';
import type { Instants } from '../time/time-range.ts';
import classes from './histogram.module.css';
import { type Bar, brushed, stackBars } from './stack-bars.ts';

const HEIGHT = 60;

interface HistogramProps {
  readonly data: HistogramData;
  readonly choose: (range: Instants) => void;
  readonly formatMillis: (millis: number) => string;
}

/** Bars by time, stacked by level; drawing over them chooses the time between. */
export function Histogram({ data, choose, formatMillis }: HistogramProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const bars = useMemo(() => stackBars(data), [data]);
  const [brush, setBrush] = useState<readonly [number, number]>();
  const [pointed, setPointed] = useState<Bar>();
  const highest = Math.max(1, ...bars.map(({ total }) => total));
  const shareAt = (event: PointerEvent<SVGSVGElement>) => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    return width === 0 ? 0 : (event.clientX - left) / width;
  };
  const begin = (event: PointerEvent<SVGSVGElement>) => {
    event.currentTarget.setPointerCapture(event.pointerId);
    setBrush([shareAt(event), shareAt(event)]);
  };
  const move = (event: PointerEvent<SVGSVGElement>) => {
    const share = shareAt(event);
    setPointed(bars[Math.floor(share * bars.length)]);
    if (brush !== undefined) setBrush([brush[0], share]);
  };
  const end = () => {
    if (brush !== undefined) {
      const range = brushed(bars, ...brush);
      if (range !== undefined) choose(range);
    }
    setBrush(undefined);
  };
  const first = bars[0];
  const last = bars.at(-1);
  return (
    <div className={classes['box']}>
      <svg
        role="img"
        aria-label={t('logs.histogram', { total: format.count(data.total) })}
        className={classes['bars']}
        viewBox={`0 0 ${Math.max(1, bars.length)} ${HEIGHT}`}
        preserveAspectRatio="none"
        onPointerDown={begin}
        onPointerMove={move}
        onPointerUp={end}
        onPointerCancel={() => setBrush(undefined)}
        onPointerLeave={() => setPointed(undefined)}
      >
        {bars.map((bar, index) => (
          <Stack key={bar.fromMillis} bar={bar} x={index} highest={highest} />
        ))}
        {brush !== undefined && (
          <rect
            className={classes['brush']}
            x={Math.min(...brush) * bars.length}
            width={Math.abs(brush[1] - brush[0]) * bars.length}
            y={0}
            height={HEIGHT}
          />
        )}
      </svg>
      <div className={classes['axis']}>
        <span>{first === undefined ? '' : formatMillis(first.fromMillis)}</span>
        <Text span inherit c="dimmed">
          {pointed === undefined
            ? t('logs.bucket', { width: format.duration(data.bucketMillis) })
            : t('logs.pointed', { at: formatMillis(pointed.fromMillis), total: format.count(pointed.total) })}
        </Text>
        <span>{last === undefined ? '' : formatMillis(last.toMillis + 1)}</span>
      </div>
    </div>
  );
}

function Stack({ bar, x, highest }: { readonly bar: Bar; readonly x: number; readonly highest: number }) {
  let y = HEIGHT;
  return (
    <>
      {bar.parts.map(({ tone, count }) => {
        const height = Math.max(0.6, (count / highest) * HEIGHT);
        y -= height;
        return <rect key={tone} x={x + 0.06} width={0.88} y={y} height={height} fill={colorOf(tone)} />;
      })}
    </>
  );
}
