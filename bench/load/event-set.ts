/**
 * The log events that are read: what the demo's fleet printed in two hours, repeated until there are enough and spread
 * evenly over a range of time, rendered as the service renders them. One buffer holds them all, so that a page costs
 * its sender next to nothing.
 */
import { DemoFleet } from '../../src/demo/fleet/demo-fleet.ts';
import { createAwsWorld } from '../../src/demo/world/create-aws-world.ts';
import { EventIds } from '../../src/demo/world/event-ids.ts';
import { systemClock } from '../../src/foundation/clock.ts';
import type { PagedEvents } from './page-server.ts';

export interface EventRange {
  readonly records: number;
  readonly fromMillis: number;
  readonly toMillis: number;
}

export interface EventSet {
  readonly records: number;
  /** Of event `i`: bytes `offsets[i]` to `offsets[i + 1]`, with a comma at the end. */
  readonly json: Buffer;
  readonly offsets: Float64Array;
  /** Ascending. */
  readonly timesMillis: Float64Array;
  /** As the service counts a page: UTF-8 of all messages before event `i`, and 26 for each. */
  readonly countedBytes: Float64Array;
}

interface PrintedLine {
  readonly stream: string;
  readonly atMillis: number;
  readonly message: string;
}

const SEED = 1;
/** The service adds this to the length of each message. */
const EVENT_OVERHEAD_BYTES = 26;
const RENDERED_AT_ONCE = 10_000;

export function makeEventSet(range: EventRange): EventSet {
  const printed = printedLines();
  const ids = new EventIds('bench');
  const { records } = range;
  const offsets = new Float64Array(records + 1);
  const timesMillis = new Float64Array(records);
  const countedBytes = new Float64Array(records + 1);
  const pieces: Buffer[] = [];
  let text = '';
  let atBytes = 0;
  let before: PrintedLine | undefined;
  let timestamp = range.fromMillis;
  for (let index = 0; index < records; index++) {
    const line = printed[index % printed.length] as PrintedLine;
    // The lines of a stack trace share their millisecond, as the log driver sends them.
    const goesOn = before?.stream === line.stream && before.atMillis === line.atMillis;
    if (!goesOn) timestamp = range.fromMillis + Math.floor((index * spanOf(range)) / records);
    before = line;
    const event = `{"logStreamName":${JSON.stringify(line.stream)},"timestamp":${timestamp},"message":${JSON.stringify(line.message)},"ingestionTime":${timestamp + 700},"eventId":"${ids.idOf(timestamp, index)}"},`;
    text += event;
    atBytes += Buffer.byteLength(event);
    timesMillis[index] = timestamp;
    offsets[index + 1] = atBytes;
    countedBytes[index + 1] =
      (countedBytes[index] ?? 0) + Buffer.byteLength(line.message) + EVENT_OVERHEAD_BYTES;
    if (index % RENDERED_AT_ONCE === RENDERED_AT_ONCE - 1) {
      pieces.push(Buffer.from(text));
      text = '';
    }
  }
  pieces.push(Buffer.from(text));
  return { records, json: Buffer.concat(pieces), offsets, timesMillis, countedBytes };
}

export function pagesOf({ records, json, offsets, timesMillis, countedBytes }: EventSet): PagedEvents {
  return {
    records,
    indexAt: (millis) => firstAtOrAfter(timesMillis, millis),
    page: (from, last, maxBytes) => {
      let to = Math.min(last, from + 1);
      while (to < last && (countedBytes[to + 1] ?? 0) - (countedBytes[from] ?? 0) <= maxBytes) to++;
      const comma = to > from ? 1 : 0;
      return { to, json: json.subarray(offsets[from] ?? 0, (offsets[Math.max(from, to)] ?? 0) - comma) };
    },
  };
}

function firstAtOrAfter(timesMillis: Float64Array, millis: number): number {
  let low = 0;
  let high = timesMillis.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((timesMillis[middle] ?? 0) < millis) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function averageMessageBytes({ countedBytes, records }: EventSet): number {
  return (countedBytes[records] ?? 0) / records - EVENT_OVERHEAD_BYTES;
}

const spanOf = ({ fromMillis, toMillis }: EventRange) => toMillis - fromMillis;

/** By time; the same in every run but for the moments that the lines name. */
function printedLines(): readonly PrintedLine[] {
  const world = createAwsWorld();
  const fleet = new DemoFleet({ world, clock: systemClock, seed: SEED, startMillis: Date.now() });
  fleet.backfill();
  return fleet.logGroups
    .flatMap((group) =>
      world
        .events(fleet.region, group)
        .map(({ stream, timestampMillis, message }) => ({ stream, atMillis: timestampMillis, message })),
    )
    .toSorted((a, b) => a.atMillis - b.atMillis);
}
