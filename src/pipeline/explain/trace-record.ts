import type { Transform } from '../../contracts/transform.ts';
import type { LogRecord } from '../../record/log-record.ts';
import type { Route } from '../topology.ts';

/** What becomes of a record up to a topic. `joined`: it went into the record `id` by that component. */
export type Traced =
  | {
      readonly kind: 'kept';
      readonly id: string;
      readonly timestampMillis: number;
      /** Its data source, which a transform may have changed. */
      readonly source: string;
      readonly joinedBy?: string;
    }
  | { readonly kind: 'dropped'; readonly component: string; readonly reason: string };

/** So far in the future that nothing is held any longer. */
const AT_LAST = Number.MAX_SAFE_INTEGER;

/**
 * Runs a record through a source's transforms, together with its neighbours, and follows it: pure, as transforms are.
 * By topic of the route.
 */
export function traceRecord(
  route: Pick<Route, 'sourceId' | 'steps' | 'topics'>,
  record: LogRecord,
  neighbours: readonly LogRecord[],
): ReadonlyMap<string, Traced> {
  const all = [...neighbours.filter(({ id }) => id !== record.id), record].toSorted(byTime);
  const produced = new Map<string, readonly LogRecord[]>([[route.sourceId, all]]);
  const traced = new Map<string, Traced>([[route.sourceId, keptAs(record)]]);
  for (const { id, inputs, transform } of route.steps) {
    const input = inputs.flatMap((from) => produced.get(from) ?? []);
    const output = throughAll(transform, input);
    produced.set(id, output);
    const fates = inputs.map((from) => traced.get(from)).filter((fate) => fate !== undefined);
    const kept = fates.find((fate) => fate.kind === 'kept');
    const before = kept && input.find((one) => one.id === kept.id);
    if (kept !== undefined && before !== undefined)
      traced.set(id, follow(id, transform, before, kept, output));
    else if (fates[0] !== undefined) traced.set(id, fates[0]);
  }
  return new Map(
    route.topics.flatMap((topic) => {
      const fate = traced.get(topic);
      return fate === undefined ? [] : [[topic, fate] as const];
    }),
  );
}

function follow(
  component: string,
  transform: Transform,
  before: LogRecord,
  fate: Traced & { readonly kind: 'kept' },
  output: readonly LogRecord[],
): Traced {
  const after = output.find(({ id }) => id === before.id);
  if (after !== undefined) return { ...fate, ...keptAs(after) };
  const [reason] = Object.keys(transform.apply([before], undefined, AT_LAST).dropped);
  if (reason !== undefined) return { kind: 'dropped', component, reason };
  const firstLine = before.message.trim().split('\n', 1)[0] ?? '';
  const carrier = output.findLast(
    ({ timestampMillis, message }) =>
      timestampMillis <= before.timestampMillis && message.includes(firstLine),
  );
  return carrier === undefined
    ? { kind: 'dropped', component, reason: 'unknown' }
    : { ...keptAs(carrier), joinedBy: component };
}

function keptAs({ id, timestampMillis, origin }: LogRecord): Traced & { readonly kind: 'kept' } {
  return { kind: 'kept', id, timestampMillis, source: origin.source };
}

/** Also what it holds back in the end. */
function throughAll(transform: Transform, records: readonly LogRecord[]): readonly LogRecord[] {
  const first = transform.apply(records, undefined, 0);
  if (first.state === undefined) return first.kept;
  return [...first.kept, ...transform.apply([], first.state, AT_LAST).kept];
}

const byTime = (a: LogRecord, b: LogRecord) => a.timestampMillis - b.timestampMillis;
