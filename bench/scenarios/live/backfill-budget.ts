import type { Figure, LiveOutcome, LiveScenario, LiveSurroundings, Opened } from '../../worker/scenario.ts';
import {
  backfillSetup,
  percent,
  planOfPast,
  REQUESTS_PER_SECOND,
  readPast,
  shareOfBudget,
} from './backfill.ts';
import { openSimulatedEngine } from './simulate.ts';

const PAGES = 1000;
/** Counted as so many bytes, as `countedBytes`: a page of 1 MB holds 517 of them. */
const COUNTED_BYTES = 2026;
const EVENTS_A_PAGE = 517;

/** Whether a backfill asks as often as it may, whatever the machine can do with what comes. */
export const backfillBudget: LiveScenario = {
  kind: 'live',
  time: 'simulated',
  name: 'backfill-budget',
  title: `a day of the past, ${PAGES} pages, at ${REQUESTS_PER_SECOND} requests a second, each answered after 300 ms`,
  plan: (startMillis, isQuick) =>
    planOfPast(startMillis, {
      records: (isQuick ? PAGES / 10 : PAGES) * EVENTS_A_PAGE,
      messageBytes: 50,
      countedBytes: COUNTED_BYTES,
      replyMillis: 300,
    }),
  open: openBackfillBudget,
  figures: (outcome) => [budgetUse(outcome)],
};

async function openBackfillBudget(surroundings: LiveSurroundings): Promise<Opened> {
  const { opened, clock, reports, close } = await openSimulatedEngine(surroundings, backfillSetup);
  return {
    run: async () => {
      const records = await clock.runDuring(readPast(opened, surroundings.plan));
      await clock.runDuring(opened.engine.pipeline.drain(AbortSignal.timeout(60_000)));
      return { records, points: 0, requests: opened.requests(), reports: reports() };
    },
    close,
  };
}

function budgetUse({ requests: { phases, mostInASecond } }: LiveOutcome): Figure {
  const share = Math.max(...phases.map(shareOfBudget));
  return {
    what: `Backfill in simulated time: of the budget of ${REQUESTS_PER_SECOND} requests a second`,
    seen: `${percent(share)}, at most ${mostInASecond} in one second`,
    target: { asked: '90 % and more', isMet: share >= 0.9 },
  };
}
