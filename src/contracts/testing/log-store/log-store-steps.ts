import type { LogRecord, Origin } from '../../../record/log-record.ts';
import type { LogQuery, TermTest } from '../../log-query.ts';
import type { LogSearch } from '../../log-search.ts';
import type { LogStore } from '../../log-store.ts';

export interface LogStoreHarness {
  /** Opens the same store again after it was closed, or beside it when its engine was killed. */
  open(): LogStore;
  /** SIGKILL to the engine of the opened store, as the kernel does when memory is short; resolves when it is gone. */
  killEngine(store: LogStore): Promise<void>;
  remove(): Promise<void>;
}

export type MakeLogStore = () => Promise<LogStoreHarness>;

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
/** Noon, so that a few hours more or less are the same day. */
export const NOON = Date.UTC(2026, 10, 20, 12);

export const ORIGIN: Origin = {
  source: 'shop',
  tags: { log_group: '/ecs/shop', service: 'api', container_name: 'app', log_stream: 'ecs/app/1' },
};

export function logRecord(id: string, timestampMillis = NOON, more: Partial<LogRecord> = {}): LogRecord {
  const ingestedMillis = timestampMillis + 250;
  return { id, timestampMillis, ingestedMillis, message: `line ${id}`, origin: ORIGIN, ...more };
}

export function logRecords(
  count: number,
  prefix = 'r',
  timeOf: (index: number) => number = (index) => NOON + index,
): LogRecord[] {
  return Array.from({ length: count }, (_, index) =>
    logRecord(`${prefix}${String(index).padStart(6, '0')}`, timeOf(index)),
  );
}

/** Everything that the suite ever writes, the oldest first. */
export const EVERYTHING: LogSearch = {
  fromMillis: Date.UTC(1900, 0, 1),
  toMillis: Date.UTC(2299, 11, 31),
  query: { kind: 'all' },
  limit: 100_000,
  order: 'oldest',
};

export const soon = () => AbortSignal.timeout(30_000);

export async function idsOf(store: LogStore, search: Partial<LogSearch> = {}): Promise<string[]> {
  const { records } = await store.search({ ...EVERYTHING, ...search }, soon());
  return records.map(({ record }) => record.id);
}

export const term = (field: string, test: TermTest): LogQuery => ({ kind: 'term', field, test });
export const contains = (text: string): LogQuery => term('message', { kind: 'text', text });
export const equals = (field: string, text: string): LogQuery => term(field, { kind: 'text', text });
export const not = (node: LogQuery): LogQuery => ({ kind: 'not', node });
export const all = (...nodes: LogQuery[]): LogQuery => ({ kind: 'and', nodes });
export const any = (...nodes: LogQuery[]): LogQuery => ({ kind: 'or', nodes });

/** As a destination does it: again after every refusal, with `redelivery` from the second time on. */
export async function appendUntilTaken(store: LogStore, records: readonly LogRecord[]): Promise<number> {
  const signal = soon();
  for (let refusals = 0; ; refusals++) {
    try {
      await store.append(records, { redelivery: refusals > 0 }, signal);
      return refusals;
    } catch (thrown) {
      signal.throwIfAborted();
      if (refusals > 50) throw thrown;
    }
  }
}
