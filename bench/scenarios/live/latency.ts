import type { LagReport } from '../../load/live/arrivals.ts';
import type { GroupSet } from '../../load/live/live-groups.ts';
import type { Figure, LiveScenario } from '../../worker/scenario.ts';
import { isDisturbed, waitedShareOf } from '../../worker/waited-seconds.ts';
import { openFollowing } from './follow.ts';
import { machineTime, timesOf } from './timeline.ts';

/** Of the poll intervals; each has groups of its own. */
const SECONDS = [1, 10] as const;
const GROUPS = 8;

const labelOf = (seconds: number) => `every ${seconds} s`;
const prefixOf = (seconds: number) => `/ecs/every-${seconds}s-`;

/** From visible to delivered, as a person sees it who waits for a line. */
export const latency: LiveScenario = {
  kind: 'live',
  time: 'machine',
  name: 'latency',
  title: `${GROUPS} log groups polled every second and ${GROUPS} every 10 s, 20 events a second each, as they come`,
  plan: (startMillis, isQuick) => {
    const times = timesOf(machineTime(startMillis), {
      warmUpSeconds: isQuick ? 8 : 12,
      windowSeconds: isQuick ? 20 : 50,
      settleSeconds: 16,
    });
    const groups = SECONDS.map(
      (seconds): GroupSet => ({
        label: labelOf(seconds),
        prefix: prefixOf(seconds),
        count: GROUPS,
        eventsPerSecond: 20,
        fromMillis: startMillis,
        toMillis: times.window.toMillis,
        messageBytes: 200,
        lateShare: 0,
        latestMillis: 0,
        usualMillis: 3000,
      }),
    );
    return { ...times, groups, replyMillis: 50 };
  },
  open: (surroundings) =>
    openFollowing(surroundings, {
      sources: Object.fromEntries(
        SECONDS.map((seconds) => [
          `every_${seconds}`,
          { log_groups: [`${prefixOf(seconds)}*`], every: `${seconds}s` },
        ]),
      ),
    }),
  figures: ({ arrivals, worker }) =>
    SECONDS.map((seconds) =>
      figureOf(seconds, arrivals.lag[labelOf(seconds)] as LagReport, isDisturbed(waitedShareOf(worker))),
    ),
};

function figureOf(seconds: number, { p50, p95, p99, max }: LagReport, wasDisturbed: boolean): Figure {
  const text = [p50, p95, p99, max].map((millis) => (millis / 1000).toFixed(2));
  const isMet = p95 < (seconds + 1) * 1000;
  return {
    what: `From visible to delivered, polled ${labelOf(seconds)}: p50, p95, p99, longest`,
    seen: `${text.join(', ')} s`,
    target: { asked: `p95 under ${seconds + 1} s`, isMet: !isMet && wasDisturbed ? undefined : isMet },
  };
}
