import { liveGroups, timeOf, visibleAt } from '../../load/live/live-groups.ts';
import { eventsAPage } from '../../load/live/live-pages.ts';
import type { LivePlan } from '../../load/live/live-plan.ts';

/** The fewest requests with which a reader could have had everything of the window. */
export interface LeastRequests {
  /** To have what comes in time: one at every poll, and as many more as that fills pages. */
  readonly whenNew: number;
  /**
   * To have what is late. FilterLogEvents cannot be asked for what was ingested since, so what is late lies among what is
   * known: everything is read once more, when the latest has come, and every page is full.
   */
  readonly onceMore: number;
}

export function leastRequests(label: string, plan: LivePlan, everyMillis: number): LeastRequests {
  const { fromMillis, toMillis } = plan.window;
  const polls = Math.ceil((toMillis - fromMillis) / everyMillis);
  let whenNew = 0;
  let onceMore = 0;
  for (const group of liveGroups(plan.groups).filter((one) => one.label === label)) {
    const inTime = new Uint32Array(polls);
    let events = 0;
    for (let index = 0; index < group.events && timeOf(group, index) < toMillis; index++) {
      const millis = visibleAt(group, index);
      const poll = Math.floor((millis - fromMillis) / everyMillis);
      if (poll < 0 || poll >= polls) continue;
      events++;
      if (millis - timeOf(group, index) <= group.usualMillis) inTime[poll] = (inTime[poll] as number) + 1;
    }
    for (const count of inTime) whenNew += Math.max(1, Math.ceil(count / eventsAPage(group)));
    onceMore += events / eventsAPage(group);
  }
  return { whenNew, onceMore: Math.ceil(onceMore) };
}
