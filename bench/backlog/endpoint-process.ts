// The process that plays CloudWatch Logs with a backlog of any length. Argument: an EventRange as JSON.
import type { EventRange } from '../load/event-set.ts';
import { serveParent } from '../load/load-messages.ts';
import { startPageServer } from '../load/page-server.ts';
import { backlogEvents } from './backlog-events.ts';

const { url, requests } = await startPageServer(
  backlogEvents(JSON.parse(process.argv[2] ?? '{}') as EventRange),
);
serveParent({ url, facts: {} }, () => requests);
