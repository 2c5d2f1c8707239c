import type { LogStore } from '../../contracts/log-store.ts';

/** What the HTTP API needs to search logs. */
export interface LogBackend {
  now(): number;
  /** Ids of the destinations that are log stores, in the order of the configuration. */
  stores(): readonly string[];
  /** Throws STORE_NOT_CONFIGURED when there is none of this id; without an id the first one. */
  store(id: string | undefined): NamedStore;
}

export interface NamedStore {
  readonly id: string;
  readonly logs: LogStore;
}
