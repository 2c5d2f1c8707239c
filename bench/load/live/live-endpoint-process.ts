// The process that plays CloudWatch Logs with log groups in which something happens. Argument: a LivePlan as JSON.
import { serveParent } from '../load-messages.ts';
import { GearedClock } from './geared-clock.ts';
import type { LivePlan } from './live-plan.ts';
import { LiveServer } from './live-server.ts';

const plan = JSON.parse(process.argv[2] ?? '{}') as LivePlan;
const server = await LiveServer.start(plan, new GearedClock(plan.gears));
serveParent(
  { url: server.url, facts: {} },
  () => ({ pages: server.pages }),
  () => server.report(),
  () => server.nextPhase(),
);
