import type { TransformStates } from '../contracts/state-store.ts';
import type { LogRecord } from '../record/log-record.ts';
import type { Route } from './topology.ts';

export interface RouteResult {
  /** By topic, in the order of the route's topics; topics without records included. */
  readonly outputs: ReadonlyMap<string, readonly LogRecord[]>;
  readonly states: TransformStates;
  readonly dropped: readonly Counted[];
  readonly failed: readonly Counted[];
  /** When the earliest transform wants to be called again. */
  readonly wakeAtMillis: number | undefined;
}

export interface Counted {
  readonly component: string;
  readonly reason: string;
  readonly records: number;
}

/** What transforms held that the configuration no longer has: it goes the way of what was just read. */
function releaseOrphans(route: Route, states: TransformStates): readonly LogRecord[] {
  const known = new Set(route.steps.map(({ id }) => id));
  return Object.entries(states).flatMap(([id, state]) => (known.has(id) ? [] : route.release(state)));
}

/** Sends records of one partition through a source's transforms. Pure, as transforms are. */
export function applyRoute(
  route: Route,
  records: readonly LogRecord[],
  states: TransformStates,
  nowMillis: number,
): RouteResult {
  const orphaned = releaseOrphans(route, states);
  const all = orphaned.length === 0 ? records : [...orphaned, ...records];
  const produced = new Map<string, readonly LogRecord[]>([[route.sourceId, all]]);
  const nextStates: Record<string, unknown> = {};
  const dropped: Counted[] = [];
  const failed: Counted[] = [];
  let wakeAtMillis: number | undefined;
  for (const { id, inputs, transform } of route.steps) {
    const lists = inputs.map((input) => produced.get(input)).filter((list) => list !== undefined);
    const input = lists.length === 1 ? (lists[0] ?? []) : lists.flat();
    const result = transform.apply(input, states[id], nowMillis);
    produced.set(id, result.kept);
    if (result.state !== undefined) nextStates[id] = result.state;
    for (const [reason, count] of Object.entries(result.dropped)) {
      dropped.push({ component: id, reason, records: count });
    }
    for (const [reason, count] of Object.entries(result.failed)) {
      failed.push({ component: id, reason, records: count });
    }
    if (result.wakeAtMillis !== undefined) {
      wakeAtMillis = Math.min(wakeAtMillis ?? Number.POSITIVE_INFINITY, result.wakeAtMillis);
    }
  }
  const outputs = new Map(route.topics.map((topic) => [topic, produced.get(topic) ?? []]));
  return { outputs, states: nextStates, dropped, failed, wakeAtMillis };
}
