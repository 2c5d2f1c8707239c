import { formatByteSize } from '../../src/foundation/byte-size.ts';
import type { BacklogOptions } from './options.ts';
import type { BacklogRun } from './run-backlog.ts';

const MAX_RSS_BYTES = 300e6;
const MAX_LOOP_P99_MILLIS = 50;
/** Of the time: with more of it the delay of the event loop is that of the machine. */
const MAX_WAITED_SHARE = 0.05;
/** Beside the entries: pages that are half full, checkpoints, seen ids, runs; and what the write-ahead log holds. */
const DISK_SHARE = 1.1;
const DISK_EXTRA_BYTES = 32 * 1024 ** 2;

export interface Verdict {
  readonly what: string;
  readonly seen: string;
  readonly asked: string;
  /** Undefined: cannot be told, and `asked` says why. */
  readonly isMet: boolean | undefined;
}

export function judge(run: BacklogRun, { records, spoolBytes }: BacklogOptions): readonly Verdict[] {
  const most = (of: (phase: BacklogRun['phases'][number]) => number) => Math.max(...run.phases.map(of));
  const rss = most(({ peakRssBytes }) => peakRssBytes);
  const loop = most(({ loopDelayP99Millis }) => loopDelayP99Millis);
  const disk = most(({ peakDiskBytes }) => peakDiskBytes);
  const isBusy = most(({ waitedSeconds, seconds }) => waitedSeconds / seconds) > MAX_WAITED_SHARE;
  const diskBound = spoolBytes * DISK_SHARE + DISK_EXTRA_BYTES;
  const verdict = (what: string, seen: string, asked: string, isMet: boolean) => ({
    what,
    seen,
    asked,
    isMet,
  });
  return [
    verdict('arrived', String(run.arrived), `${records}, each`, run.arrived === records && run.unknown === 0),
    verdict('arrived twice', String(run.twice), '0', run.twice === 0),
    verdict('exit code', String(run.exitCode), '0', run.exitCode === 0),
    verdict(
      'resident memory',
      `${Math.round(rss / 1e6)} MB`,
      `${MAX_RSS_BYTES / 1e6} MB at most`,
      rss <= MAX_RSS_BYTES,
    ),
    verdict('data folder', formatByteSize(disk), `${formatByteSize(diskBound)} at most`, disk <= diskBound),
    {
      what: 'event loop delay, 99th percentile',
      seen: `${loop.toFixed(0)} ms`,
      asked: `under ${MAX_LOOP_P99_MILLIS} ms in any two seconds${isBusy ? '; not judged: others kept the cores' : ''}`,
      isMet: isBusy ? undefined : loop < MAX_LOOP_P99_MILLIS,
    },
  ];
}
