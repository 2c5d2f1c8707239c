import { availableParallelism } from 'node:os';
import type { LogStore } from '../../contracts/log-store.ts';
import type { Clock } from '../../foundation/clock.ts';
import type { Logger } from '../../foundation/logger.ts';
import type { Random } from '../../foundation/random.ts';
import { migrateLogsTable } from '../migrate-logs-table.ts';
import { PreparedEngine } from '../prepared-engine.ts';
import { CREATE_LOGS_TABLE } from '../schema.ts';
import { SqlLogStore } from '../sql-log-store.ts';
import { ChdbEngine } from './chdb-engine.ts';

export interface ChdbLogStoreSettings {
  /** Folder that the engine has for itself; made where it is missing. */
  readonly dir: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

export interface ChdbLogStore extends LogStore {
  /** The process of the engine; undefined while it does not run. */
  enginePid(): Promise<number | undefined>;
}

/** What one statement may cost: beyond it that statement is refused, and the engine goes on. */
const MAX_STATEMENT_BYTES = 1024 ** 3;
const MAX_SEARCH_SECONDS = 60;
/** So many searches go at once, each on half of the machine's cores: the store's own work has its turn beside them. */
const LANES = 2;
const THREADS = Math.max(2, Math.ceil(availableParallelism() / 2));

const CONNECTION = [
  'USE logferry',
  `SET max_threads = ${THREADS}`,
  `SET max_memory_usage = ${MAX_STATEMENT_BYTES}`,
];
const STATEMENTS = ['CREATE DATABASE IF NOT EXISTS logferry', ...CONNECTION, CREATE_LOGS_TABLE];
const SEARCH_STATEMENTS = [
  ...CONNECTION,
  `SET max_execution_time = ${MAX_SEARCH_SECONDS}`,
  // Whatever a search says, it changes nothing. With 1 it could not be marked to be ended.
  'SET readonly = 2',
];

/** The embedded log store. Nothing is started before the first call. */
export function createChdbLogStore(settings: ChdbLogStoreSettings): ChdbLogStore {
  const engine = new ChdbEngine({
    ...settings,
    statements: STATEMENTS,
    searchStatements: SEARCH_STATEMENTS,
    lanes: LANES,
  });
  const prepared = new PreparedEngine(engine, (opened, signal) =>
    migrateLogsTable(opened, settings.logger, signal),
  );
  const store = new SqlLogStore(prepared, settings.clock);
  return Object.assign(store, { enginePid: () => engine.pid() });
}
