import type { LagReport } from '../../load/live/arrivals.ts';
import type { GroupSet } from '../../load/live/live-groups.ts';
import type { Figure, LiveOutcome, LiveScenario } from '../../worker/scenario.ts';
import { leastRequests } from './least-requests.ts';
import { openSimulated } from './simulate.ts';
import { simulatedTimes } from './timeline.ts';

const LATEST_MILLIS = 10 * 60_000;
const LATE_SHARE = 0.05;
const EVERY_MILLIS = 10_000;
/** The busy one fills a page in 4 s: its events count as two kilobytes each, so that few do. */
const SETS = [
  { label: 'busy', count: 1, eventsPerSecond: 120, messageBytes: 100, countedBytes: 2026 },
  { label: 'medium', count: 1, eventsPerSecond: 5, messageBytes: 100 },
  { label: 'quiet', count: 1, eventsPerSecond: 0.05, messageBytes: 100 },
];

/** What following costs of the request quota, once lateness is learned and sealing has set in. */
export const requests: LiveScenario = {
  kind: 'live',
  time: 'simulated',
  name: 'requests',
  title: `a busy, a medium and a quiet log group, ${LATE_SHARE * 100} % of the events up to 10 minutes late`,
  plan: (startMillis, isQuick) => {
    // The longest lateness is an hour by default: what is sealed then belongs to the steady state.
    const times = simulatedTimes(startMillis, {
      warmUpSeconds: isQuick ? 1200 : 4500,
      windowSeconds: isQuick ? 600 : 1800,
      // What was late before lateness was learned is found when it is sealed: after an hour, or a quarter more.
      settleSeconds: 80 * 60,
    });
    const groups = SETS.map(
      (set): GroupSet => ({
        ...set,
        prefix: `/ecs/${set.label}-`,
        fromMillis: startMillis,
        toMillis: times.window.toMillis,
        lateShare: LATE_SHARE,
        latestMillis: LATEST_MILLIS,
        usualMillis: 3000,
      }),
    );
    return { ...times, groups, replyMillis: 0 };
  },
  open: (surroundings) => openSimulated(surroundings, { sources: { live: { log_groups: ['/ecs/*'] } } }),
  figures: (outcome) => [total(outcome), ...SETS.map(({ label }) => ofGroup(label, outcome))],
};

function total({ plan, requests: { byLabel } }: LiveOutcome): Figure {
  const made = Object.values(byLabel).reduce((a, b) => a + b, 0);
  const each = SETS.map(({ label }) => leastRequests(label, plan, EVERY_MILLIS));
  const least = each.reduce((sum, { whenNew, onceMore }) => sum + whenNew + onceMore, 0);
  return {
    what: 'Requests at steady state, 5 % of the events up to 10 minutes late: made / least possible',
    seen: `${made} / ${least} = ${(made / least).toFixed(2)}`,
    target: { asked: 'within 1.5', isMet: made <= 1.5 * least },
  };
}

function ofGroup(label: string, { plan, requests: { byLabel }, arrivals }: LiveOutcome): Figure {
  const made = byLabel[label] ?? 0;
  const { whenNew, onceMore } = leastRequests(label, plan, EVERY_MILLIS);
  const { p50, p95, max } = arrivals.lag[label] as LagReport;
  const lags = [p50, p95, max].map((millis) => `${Math.round(millis / 1000)} s`);
  return {
    what: `${label}: made / (least when new + once more); from visible to delivered p50, p95, longest`,
    seen: `${made} / (${whenNew} + ${onceMore}) = ${(made / (whenNew + onceMore)).toFixed(2)}; ${lags.join(', ')}`,
  };
}
