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

const STATEMENTS = [
  'CREATE DATABASE IF NOT EXISTS logferry',
  'USE logferry',
  'SET max_threads = 2',
  CREATE_LOGS_TABLE,
];

/** The embedded log store. Nothing is started before the first call. */
export function createChdbLogStore(settings: ChdbLogStoreSettings): LogStore {
  return new SqlLogStore(new EngineProcess({ ...settings, statements: STATEMENTS }), settings.clock);
}
