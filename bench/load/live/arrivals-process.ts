// The process that plays DataKit for live log groups, and knows which event came, how often and when. Argument: a LivePlan.
import { startDataKitStandIn } from '../../../src/demo/datakit/start-datakit-stand-in.ts';
import { serveParent } from '../load-messages.ts';
import { Arrivals } from './arrivals.ts';
import { GearedClock } from './geared-clock.ts';
import { liveGroups } from './live-groups.ts';
import type { LivePlan } from './live-plan.ts';

const { gears, groups, window } = JSON.parse(process.argv[2] ?? '{}') as LivePlan;
const clock = new GearedClock(gears);
const arrivals = new Arrivals(liveGroups(groups), window, clock);
const standIn = await startDataKitStandIn({ clock, received: arrivals });
serveParent(
  { url: standIn.url, facts: {} },
  () => ({ points: standIn.points }),
  () => arrivals.report(),
);
