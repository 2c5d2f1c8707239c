import type { Figure, LiveOutcome, LiveScenario } from '../../worker/scenario.ts';
import { openFollowing } from './follow.ts';
import { timesOf } from './timeline.ts';

const GROUPS = 1000;
const PREFIX = '/ecs/idle-';
/** Time passes so fast until the groups are asked as seldom as by default they can be: once a minute, after ten minutes. */
const FAST = 12;
const WARM_UP_SECONDS = 60;

export const idle1000: LiveScenario = {
  kind: 'live',
  time: 'machine',
  name: 'idle-1000',
  title: `${GROUPS} log groups without events, followed at the default rhythm and budget`,
  plan: (startMillis, isQuick) => {
    const warmUpSeconds = isQuick ? 20 : WARM_UP_SECONDS;
    // The last seconds pass as fast as the machine's, so that nothing of the hurry is measured.
    const gears = { startMillis, fast: FAST, fastMillis: (warmUpSeconds - 5) * 1000 };
    const windowSeconds = isQuick ? 10 : 45;
    return {
      ...timesOf(gears, { warmUpSeconds, windowSeconds, settleSeconds: 0 }),
      groups: [
        {
          label: 'idle',
          prefix: PREFIX,
          count: GROUPS,
          eventsPerSecond: 0,
          fromMillis: startMillis,
          toMillis: startMillis,
          messageBytes: 0,
          lateShare: 0,
          latestMillis: 0,
          usualMillis: 0,
        },
      ],
      replyMillis: 50,
    };
  },
  open: (surroundings) => openFollowing(surroundings, { sources: { idle: { log_groups: [`${PREFIX}*`] } } }),
  figures: (outcome) => [cpuFigure(outcome), requestsFigure(outcome), warmUpFigure(outcome)],
};

function cpuFigure({ worker }: LiveOutcome): Figure {
  const share = (worker.cpuUserSeconds + worker.cpuSystemSeconds) / worker.seconds;
  return {
    what: `${GROUPS} idle log groups: CPU of one core`,
    seen: `${(share * 100).toFixed(1)} %`,
    target: { asked: 'under 10 %', isMet: share < 0.1 },
  };
}

function requestsFigure({ requests, worker }: LiveOutcome): Figure {
  const perSecond = (requests.inWindow['FilterLogEvents'] ?? 0) / worker.seconds;
  return {
    what: 'FilterLogEvents',
    seen: `${perSecond.toFixed(1)} a second: each group once in ${Math.round(GROUPS / perSecond)} s`,
  };
}

function warmUpFigure({ plan }: LiveOutcome): Figure {
  const minutes = (plan.window.fromMillis - plan.gears.startMillis) / 60_000;
  return {
    what: 'Idle before it was measured',
    seen: `${minutes.toFixed(0)} minutes, ${FAST} times as fast`,
  };
}
