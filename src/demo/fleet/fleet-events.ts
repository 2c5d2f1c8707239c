import type { WorldEvent } from '../aws-world.ts';
import { DEMO_TASK_GROUP, workloadLayout } from './fleet-layout.ts';
import { latenessMillis } from './lateness.ts';
import { checkoutApiLines } from './lines/checkout-api-lines.ts';
import { demoTaskLines } from './lines/demo-task-lines.ts';
import { ordersLines } from './lines/orders-lines.ts';
import type { LinePrinter, PrintedEntry } from './lines/printed-entry.ts';
import { webLines } from './lines/web-lines.ts';
import { workerLines } from './lines/worker-lines.ts';
import { type FleetSeed, logStreamName, type TaskPlan } from './planned-task.ts';
import { randomFor } from './seeded.ts';
import { incidentIntensity } from './timeline.ts';
import { requestsOfSecond } from './traffic.ts';

const PRINTERS: readonly LinePrinter[] = [
  checkoutApiLines,
  ordersLines,
  webLines,
  workerLines,
  demoTaskLines,
];

/** What one stream receives in a second, by time. */
export interface StreamEvents {
  readonly group: string;
  readonly stream: string;
  readonly events: readonly WorldEvent[];
}

/** Everything that the fleet prints in a second of Unix time, in an order that is always the same. */
export function eventsOfSecond(fleet: FleetSeed, plan: TaskPlan, second: number): readonly StreamEvents[] {
  const requests = requestsOfSecond(fleet, second);
  const intensity = incidentIntensity(fleet.startMillis, second * 1000);
  return PRINTERS.flatMap((printer) => {
    const random = randomFor(fleet.seed, printer.workload, second);
    // Tasks start and stop on whole seconds.
    const tasks = plan.running(printer.workload, second * 1000 + 999);
    return byStream(fleet, printer.print({ second, random, intensity, requests, tasks }), second);
  });
}

function byStream(fleet: FleetSeed, entries: readonly PrintedEntry[], second: number): StreamEvents[] {
  const streams = new Map<string, { group: string; stream: string; events: WorldEvent[] }>();
  for (const [index, entry] of entries.toSorted((a, b) => a.atMillis - b.atMillis).entries()) {
    const container = workloadLayout(entry.task.workload).containers.find(
      ({ name }) => name === entry.container,
    );
    const stream = container && logStreamName(entry.task, container, fleet.seed);
    if (container?.logging.driver !== 'awslogs' || stream === undefined) continue;
    const { group } = container.logging;
    let of = streams.get(stream);
    if (of === undefined) {
      of = { group, stream, events: [] };
      streams.set(stream, of);
    }
    const lateness = group === DEMO_TASK_GROUP ? 0 : entryLateness(fleet, entry, second, index);
    of.events.push(...worldEvents(entry, lateness));
  }
  return [...streams.values()];
}

function entryLateness(fleet: FleetSeed, entry: PrintedEntry, second: number, index: number): number {
  return latenessMillis(randomFor(fleet.seed, `lateness/${entry.task.workload}/${index}`, second));
}

/** The lines of an entry share its millisecond and its lateness: the driver sends them together. */
function worldEvents(entry: PrintedEntry, lateness: number): WorldEvent[] {
  const timestampMillis = entry.atMillis;
  const ingestedMillis = timestampMillis + lateness;
  return entry.lines.map((message) => ({ timestampMillis, message, ingestedMillis }));
}
