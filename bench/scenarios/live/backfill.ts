import type { TimeRange } from '../../../src/contracts/checkpoint.ts';
import { type GroupSet, liveGroups } from '../../load/live/live-groups.ts';
import { eventsAPage } from '../../load/live/live-pages.ts';
import type { LivePlan } from '../../load/live/live-plan.ts';
import type { ServedPhase } from '../../load/live/served-pages.ts';
import type {
  Figure,
  LiveOutcome,
  Opened,
  ResumedScenario,
  ResumedSurroundings,
} from '../../worker/scenario.ts';
import { type OpenedEngine, openEngine } from '../open-engine.ts';
import { drainAndClose } from './follow.ts';
import { machineTime } from './timeline.ts';

const GROUP = '/ecs/past-1';
export const REQUESTS_PER_SECOND = 25;
/** Five million where the backlog has 400,000. */
const TIMES_THE_BACKLOG = 12.5;
const SPAN_MILLIS = 24 * 3_600_000;
const AGE_MILLIS = 24 * 3_600_000;
const LONGEST_MILLIS = 30 * 60_000;
const DRAIN_MILLIS = 10 * 60_000;
const SOURCE = 'past';

/** A range of the past under the request quota, killed before it is through. */
export const backfill: ResumedScenario = {
  kind: 'resumed',
  name: 'backfill',
  title: `a day of the past at ${REQUESTS_PER_SECOND} requests a second, each answered after 150 ms; killed after a quarter, which stays in the spool, then resumed and delivered to a DataKit`,
  killAfterShare: 0.25,
  plan: (startMillis, backlogRecords) =>
    planOfPast(startMillis, {
      records: backlogRecords * TIMES_THE_BACKLOG,
      messageBytes: 500,
      replyMillis: 150,
    }),
  open: openBackfill,
  figures: (outcome) => [budgetUse(outcome), readAgain(outcome), speed(outcome)],
};

/** One log group with so many events, spread over a day that ended a day ago. */
export function planOfPast(
  startMillis: number,
  {
    records,
    replyMillis,
    ...sizes
  }: Pick<GroupSet, 'messageBytes' | 'countedBytes'> & {
    readonly records: number;
    readonly replyMillis: number;
  },
): LivePlan {
  const toMillis = startMillis - AGE_MILLIS;
  const group: GroupSet = {
    label: 'past',
    prefix: GROUP.slice(0, -1),
    count: 1,
    eventsPerSecond: (records / SPAN_MILLIS) * 1000,
    fromMillis: toMillis - SPAN_MILLIS,
    toMillis,
    ...sizes,
    lateShare: 0,
    latestMillis: 0,
    usualMillis: 3000,
  };
  const nothing = { fromMillis: 0, toMillis: 0 };
  return { gears: machineTime(startMillis), window: nothing, endMillis: 0, groups: [group], replyMillis };
}

export const backfillSetup = {
  sources: { [SOURCE]: { log_groups: [GROUP] } },
  requestsPerSecond: { FilterLogEvents: REQUESTS_PER_SECOND },
};

async function openBackfill(surroundings: ResumedSurroundings): Promise<Opened> {
  const { plan, isResumed, datakitUrl } = surroundings;
  const datakit = isResumed ? { type: 'datakit', url: datakitUrl } : { type: 'bench_hold_back' };
  const opened = await openEngine(surroundings, {
    ...backfillSetup,
    transforms: false,
    destinations: { datakit },
  });
  return {
    run: async () => {
      const coveredBefore = await coveredRanges(opened);
      const records = await readPast(opened, plan);
      return { records, points: 0, requests: opened.requests(), coveredBefore };
    },
    close: () => drainAndClose(opened, DRAIN_MILLIS),
  };
}

/** Resolves to the records that were read. */
export async function readPast({ engine }: OpenedEngine, plan: LivePlan): Promise<number> {
  const { fromMillis, toMillis } = plan.groups[0] as LivePlan['groups'][0];
  const request = { name: 'bench', again: false, fromMillis, toMillis };
  const counts = await engine.pipeline.backfill(
    SOURCE,
    request,
    () => {},
    AbortSignal.timeout(LONGEST_MILLIS),
  );
  return counts.fetched - counts.duplicate;
}

async function coveredRanges({ engine }: OpenedEngine): Promise<readonly TimeRange[]> {
  const stored = await engine.store.list(SOURCE);
  return stored.flatMap(({ checkpoint }) => [
    { fromMillis: checkpoint.coveredFromMillis, toMillis: checkpoint.headMillis - 1 },
    ...checkpoint.doneAhead,
  ]);
}

function budgetUse({ requests: { phases, mostInASecond } }: LiveOutcome): Figure {
  const [alone = 0, delivering = 0] = phases.map(shareOfBudget);
  return {
    what: `Backfill: of the budget of ${REQUESTS_PER_SECOND} requests a second, reading alone, and while it delivers`,
    seen: `${percent(alone)}, ${percent(delivering)}, at most ${mostInASecond} in one second`,
    target: { asked: '90 % and more', isMet: Math.min(alone, delivering) >= 0.9 },
  };
}

export function shareOfBudget({ pages, asked }: ServedPhase): number {
  return (pages * 1000) / (asked.toMillis - asked.fromMillis) / REQUESTS_PER_SECOND;
}

function readAgain({ requests: { phases }, worker, plan }: LiveOutcome): Figure {
  const [before, after] = phases as readonly [ServedPhase, ServedPhase];
  const covered = worker.coveredBefore ?? [];
  const isDone = ({ fromMillis, toMillis }: TimeRange) =>
    covered.some((range) => range.fromMillis <= fromMillis && toMillis <= range.toMillis);
  const open = before.slices.filter((slice) => !isDone(slice)).length;
  const [group] = liveGroups(plan.groups);
  const pages = group === undefined ? 0 : Math.ceil(group.events / eventsAPage(group));
  const again = after.slices.reduce((sum, { pagesAgain }) => sum + pagesAgain, 0);
  const needless = after.slices.filter(isDone).reduce((sum, { pagesAgain }) => sum + pagesAgain, 0);
  return {
    what: 'Backfill killed by SIGKILL and resumed: pages read twice',
    seen: `${again} of ${pages}; ${open} slices were open, and ${needless} are of others`,
    target: { asked: 'of open slices only', isMet: needless === 0 },
  };
}

function speed({ worker, requests: { phases } }: LiveOutcome): Figure {
  const asked = phases.at(-1)?.asked ?? { fromMillis: 0, toMillis: 0 };
  const perSecond = (worker.records * 1000) / (asked.toMillis - asked.fromMillis);
  return {
    what: 'Read after it was resumed',
    seen: `${worker.records.toLocaleString('en')} records, ${Math.round(perSecond).toLocaleString('en')} a second`,
  };
}

export const percent = (share: number) => `${(share * 100).toFixed(0)} %`;
