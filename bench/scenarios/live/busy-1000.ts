import type { LagReport } from '../../load/live/arrivals.ts';
import type { GroupSet } from '../../load/live/live-groups.ts';
import type { Figure, LiveOutcome, LiveScenario } from '../../worker/scenario.ts';
import { openSimulated } from './simulate.ts';
import { simulatedTimes } from './timeline.ts';

const REQUESTS_PER_SECOND = 25;
const STEADY = { label: 'steady', count: 900, eventsPerSecond: 1 };
const HEAVY = { label: 'heavy', count: 100, eventsPerSecond: 10 };

/** More groups than the budget can ask as often as they are due: who waits, and for how long? */
export const busy1000: LiveScenario = {
  kind: 'live',
  time: 'simulated',
  name: 'busy-1000',
  title: `${STEADY.count} log groups with an event a second and ${HEAVY.count} with ten, under one budget of ${REQUESTS_PER_SECOND} requests a second`,
  plan: (startMillis, isQuick) => {
    // A round takes 40 s where a request each is enough.
    const times = simulatedTimes(startMillis, {
      warmUpSeconds: isQuick ? 60 : 120,
      windowSeconds: isQuick ? 80 : 240,
      settleSeconds: 300,
    });
    const groups = [STEADY, HEAVY].map(
      (set): GroupSet => ({
        ...set,
        prefix: `/ecs/${set.label}-`,
        fromMillis: startMillis,
        toMillis: times.window.toMillis,
        messageBytes: 300,
        lateShare: 0,
        latestMillis: 0,
        usualMillis: 3000,
      }),
    );
    return { ...times, groups, replyMillis: 0 };
  },
  open: (surroundings) =>
    openSimulated(surroundings, {
      sources: { busy: { log_groups: ['/ecs/*'] } },
      requestsPerSecond: { FilterLogEvents: REQUESTS_PER_SECOND },
    }),
  figures: (outcome) => [fairness(outcome), lag(outcome), budget(outcome)],
};

function fairness({ arrivals, plan }: LiveOutcome): Figure {
  const means = Object.values(arrivals.lag).flatMap(({ meanByGroup }) => meanByGroup);
  const silent = plan.groups.reduce((sum, { count }) => sum + count, 0) - means.length;
  const slowest = Math.max(...means);
  const fastest = Math.min(...means);
  return {
    what: 'Busy log groups under one budget: from visible to delivered, mean of the slowest group / of the fastest',
    seen: `${seconds(slowest)} / ${seconds(fastest)} = ${(slowest / fastest).toFixed(2)}${silent === 0 ? '' : `, and ${silent} groups of which nothing came`}`,
    target: { asked: 'within 2', isMet: silent === 0 && slowest <= 2 * fastest },
  };
}

function lag({ arrivals }: LiveOutcome): Figure {
  const of = ({ label }: { readonly label: string }) => {
    const { p50, p95, max } = arrivals.lag[label] as LagReport;
    return `${label} ${[p50, p95, max].map(seconds).join(', ')}`;
  };
  return { what: 'From visible to delivered: p50, p95, longest', seen: `${of(STEADY)}; ${of(HEAVY)}` };
}

function budget({ requests, plan }: LiveOutcome): Figure {
  const windowSeconds = (plan.window.toMillis - plan.window.fromMillis) / 1000;
  const perSecond = (requests.inWindow['FilterLogEvents'] ?? 0) / windowSeconds;
  return {
    what: 'FilterLogEvents',
    seen: `${perSecond.toFixed(1)} of ${REQUESTS_PER_SECOND} a second, at most ${requests.mostInASecond} in one`,
  };
}

const seconds = (millis: number) => `${(millis / 1000).toFixed(1)} s`;
