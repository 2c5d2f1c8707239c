import type { EventLog } from '../../world/event-log.ts';
import type { EventStream, StoredEvent } from '../../world/stored-event.ts';

export interface Scan {
  readonly log: EventLog;
  /** Where to begin. */
  readonly fromIndex: number;
  /** Inclusive. */
  readonly untilMillis: number;
  readonly nowMillis: number;
  /** Only these, when given. */
  readonly streams?: ReadonlySet<EventStream> | undefined;
  readonly matches?: ((message: string) => boolean) | undefined;
  readonly maxEvents: number;
  readonly maxBytes: number;
  readonly maxScanned: number;
}

export interface Scanned {
  readonly events: StoredEvent[];
  /** The last one looked at, shown or not, when the range goes on behind it; undefined = the range was read to its end. */
  readonly stoppedAt: StoredEvent | undefined;
}

/** Reads forward until the range ends or a bound is met. At least one event is looked at, however small the bounds. */
export function scanEvents(scan: Scan): Scanned {
  const all = scan.log.events;
  const found: StoredEvent[] = [];
  let bytes = 0;
  let index = scan.fromIndex;
  const lastScanned = Math.min(all.length, scan.fromIndex + scan.maxScanned);
  for (; index < lastScanned; index++) {
    const event = all[index] as StoredEvent;
    if (event.timestampMillis > scan.untilMillis) return { events: found, stoppedAt: undefined };
    if (!isWanted(event, scan)) continue;
    if (found.length > 0 && bytes + event.bytes > scan.maxBytes) break;
    bytes += event.bytes;
    found.push(event);
    if (found.length >= scan.maxEvents) {
      index++;
      break;
    }
  }
  const next = all[index];
  const goesOn = next !== undefined && next.timestampMillis <= scan.untilMillis;
  return { events: found, stoppedAt: goesOn ? all[index - 1] : undefined };
}

function isWanted(event: StoredEvent, scan: Scan): boolean {
  return (
    event.visibleAtMillis <= scan.nowMillis &&
    (scan.streams === undefined || scan.streams.has(event.stream)) &&
    (scan.matches === undefined || scan.matches(event.message))
  );
}
