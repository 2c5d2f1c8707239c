import { EventIds } from '../../src/demo/world/event-ids.ts';
import type { EventRange } from '../load/event-set.ts';
import { messagePool } from '../load/live/message-pool.ts';
import type { PagedEvents } from '../load/page-server.ts';

const MESSAGE_BYTES = 190;
const STREAMS = 24;
/** The service adds this to the length of each message. */
const EVENT_OVERHEAD_BYTES = 26;
const INDEX_DIGITS = 15;

/** Any number of events, each made when it is asked for; none is kept. */
export function backlogEvents({ records, fromMillis, toMillis }: EventRange): PagedEvents {
  const messages = messagePool(MESSAGE_BYTES);
  const bytes = messages.map((message) => Buffer.byteLength(JSON.parse(message) as string));
  const ids = new EventIds('backlog');
  const perMilli = records / (toMillis - fromMillis);
  const timeOf = (index: number) => fromMillis + Math.floor(index / perMilli);
  return {
    records,
    indexAt: (millis) => {
      let index = Math.min(records, Math.max(0, Math.floor((millis - fromMillis) * perMilli)));
      while (index > 0 && timeOf(index - 1) >= millis) index--;
      while (index < records && timeOf(index) < millis) index++;
      return index;
    },
    page: (from, last, maxBytes) => {
      let json = '';
      let counted = 0;
      let to = from;
      for (; to < last; to++) {
        const message = to % messages.length;
        counted += (bytes[message] ?? 0) + EVENT_OVERHEAD_BYTES;
        if (counted > maxBytes && to > from) break;
        const timestamp = timeOf(to);
        json += `${to > from ? ',' : ''}{"logStreamName":"app/web/${to % STREAMS}","timestamp":${timestamp},"message":${messages[message]},"ingestionTime":${timestamp + 700},"eventId":"${ids.idOf(timestamp, to)}"}`;
      }
      return { to, json };
    },
  };
}

/** Which event an id names; NaN when it is none. */
export function indexOfId(id: string): number {
  return Number(id.slice(-INDEX_DIGITS));
}
