import { liveGroups, timeOf, visibleAt } from '../../load/live/live-groups.ts';
import { eventsAPage } from '../../load/live/live-pages.ts';
import type { LivePlan } from '../../load/live/live-plan.ts';

/**
 * The fewest requests with which a reader could have had everything of the window: one that is told what has become visible
 * since it last asked, asks at the poll interval, and gets full pages of exactly that. None can do it: FilterLogEvents
 * cannot be asked for what was ingested since, so that what is late is among what is known.
 */
export function leastRequests(label: string, plan: LivePlan, everyMillis: number): number {
  const { fromMillis, toMillis } = plan.window;
  const polls = Math.ceil((toMillis - fromMillis) / everyMillis);
  let least = 0;
  for (const group of liveGroups(plan.groups).filter((one) => one.label === label)) {
    const events = new Uint32Array(polls);
    for (let index = 0; index < group.events && timeOf(group, index) < toMillis; index++) {
      const poll = Math.floor((visibleAt(group, index) - fromMillis) / everyMillis);
      if (poll >= 0 && poll < polls) events[poll] = (events[poll] as number) + 1;
    }
    for (const ofPoll of events) least += Math.max(1, Math.ceil(ofPoll / eventsAPage(group)));
  }
  return least;
}
