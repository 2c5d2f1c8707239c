import type { LogStore } from '../../contracts/log-store.ts';
import type { Clock } from '../../foundation/clock.ts';
import type { Logger } from '../../foundation/logger.ts';
import type { Random } from '../../foundation/random.ts';
import { CREATE_LOGS_TABLE } from '../schema.ts';
import { SqlLogStore } from '../sql-log-store.ts';
import { EngineProcess } from './engine-process.ts';

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

/**
 * What one statement may cost: beyond it that statement is refused, and the engine goes on. An answer is one text of the
 * parent's, which V8 holds up to 512 MiB.
 */
const MAX_STATEMENT_BYTES = 1024 ** 3;
const MAX_ANSWER_BYTES = 128 * 1024 ** 2;

const STATEMENTS = [
  'CREATE DATABASE IF NOT EXISTS logferry',
  'USE logferry',
  'SET max_threads = 2',
  `SET max_memory_usage = ${MAX_STATEMENT_BYTES}`,
  `SET max_result_bytes = ${MAX_ANSWER_BYTES}`,
  CREATE_LOGS_TABLE,
];

/** The embedded log store. Nothing is started before the first call. */
export function createChdbLogStore(settings: ChdbLogStoreSettings): ChdbLogStore {
  const engine = new EngineProcess({ ...settings, statements: STATEMENTS });
  const store = new SqlLogStore(engine, settings.clock);
  return Object.assign(store, { enginePid: () => engine.pid() });
}
