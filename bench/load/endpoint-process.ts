// The process that plays CloudWatch Logs. Argument: an EventRange as JSON.
import { averageMessageBytes, type EventRange, makeEventSet, pagesOf } from './event-set.ts';
import { serveParent } from './load-messages.ts';
import { startPageServer } from './page-server.ts';

const events = makeEventSet(JSON.parse(process.argv[2] ?? '{}') as EventRange);
const { url, requests } = await startPageServer(pagesOf(events));
serveParent(
  {
    url,
    facts: { messageBytes: averageMessageBytes(events), eventJsonBytes: events.json.length / events.records },
  },
  () => requests,
);
