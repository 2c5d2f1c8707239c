import type { Logger } from '../foundation/logger.ts';
import type { LogEngine } from './engine.ts';
import { LOGS_TABLE } from './schema.ts';

/** Where version 0.1 kept records: tags as a map, ordered by data source first. */
const OLD_TABLE = 'logs';

const MAP_AS_JSON = `concat('{', arrayStringConcat(arrayMap((k, v) -> concat(toJSONString(k), ':"',
  replaceAll(substring(toJSONString(v), 2, length(toJSONString(v)) - 2), '\\\\"', '\\\\u0022'), '"'),
  mapKeys(tags), mapValues(tags)), ','), '}')`;

/**
 * Moves what the old table holds, day by day. A day is dropped from the old table when it is whole in the new one; one
 * that was interrupted is begun anew. Nothing is appended meanwhile.
 */
export async function migrateLogsTable(
  engine: LogEngine,
  logger: Logger,
  signal: AbortSignal,
): Promise<void> {
  const parameters = {};
  const [found] = await engine.rows<{ tables: number }>(
    {
      sql: `SELECT count() AS tables FROM system.tables WHERE database = currentDatabase() AND name = '${OLD_TABLE}'`,
      parameters,
    },
    signal,
  );
  if ((found?.tables ?? 0) === 0) return;
  const days = await engine.rows<{ day: string; records: number }>(
    {
      sql: `SELECT partition AS day, sum(rows) AS records FROM system.parts
        WHERE active AND database = currentDatabase() AND table = '${OLD_TABLE}' GROUP BY day ORDER BY day`,
      parameters,
    },
    signal,
  );
  for (const [index, { day, records }] of days.entries()) {
    logger.info(
      { day, records, left: days.length - index - 1 },
      'The log store is brought to its new form; records wait meanwhile.',
    );
    await engine.run(`ALTER TABLE ${LOGS_TABLE} DROP PARTITION ${Number(day)}`, signal);
    await engine.run(
      `INSERT INTO ${LOGS_TABLE} (time, ingested, stored, source, origin, level, message, fields, id)
       SELECT time, ingested, stored, source, ${MAP_AS_JSON}, level, message, fields, id
       FROM ${OLD_TABLE} WHERE toYYYYMMDD(time) = ${Number(day)}`,
      signal,
    );
    await engine.run(`ALTER TABLE ${OLD_TABLE} DROP PARTITION ${Number(day)}`, signal);
  }
  await engine.run(`DROP TABLE ${OLD_TABLE}`, signal);
}
