import type { StateStore } from '../../contracts/state-store.ts';
import type { LogRecord } from '../../record/log-record.ts';
import type { Route } from '../topology.ts';

/** What explaining needs to know beside the partition. */
export interface ExplainContext {
  readonly source: string;
  readonly maxLatenessMillis: number;
  readonly route: Route;
  readonly destinations: readonly { readonly id: string; readonly inputs: readonly string[] }[];
  /** undefined: nothing was ever read. */
  readonly store: StateStore | undefined;
  /** Whether a destination that is a log store has a record, by its data source and id; left out where that cannot be looked up. */
  readonly isStored?: (
    destination: string,
    record: Pick<LogRecord, 'id' | 'timestampMillis'> & { readonly source: string },
    signal: AbortSignal,
  ) => Promise<boolean | undefined>;
  readonly nowMillis: number;
}
