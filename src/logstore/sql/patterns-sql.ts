import type { PatternsRequest } from '../../contracts/log-search.ts';
import type { SqlQuery } from '../engine.ts';
import { LOGS_TABLE } from '../schema.ts';
import { BoundValues } from './bound-values.ts';
import { filterSql, type PlannedFilter } from './filter-sql.ts';

export interface PatternRow {
  readonly shape: string;
  readonly records: number;
  readonly level: string;
  readonly first: number;
  readonly last: number;
  readonly id: string;
  readonly source: string;
  readonly message: string;
  readonly examined: number;
  readonly different: number;
}

/** Shapes are made of so many records at most, the newest ones. */
const EXAMINED_RECORDS = 100_000;
const SHAPE_CHARACTERS = 300;
const EXAMPLE_CHARACTERS = 2000;

/** In this order; what each puts in its place no later one finds again. */
const VARYING: readonly (readonly [pattern: string, name: string])[] = [
  [String.raw`\b[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}\b`, '<uuid>'],
  [String.raw`\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?`, '<time>'],
  [String.raw`\d{1,4}/(?:\d\d|[A-Z][a-z]{2})/\d{2,4}[: ]\d\d:\d\d:\d\d(?: [+-]\d{4})?`, '<time>'],
  [String.raw`"(?:[^"\\]|\\.)+"`, '"<text>"'],
  [String.raw`\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b`, '<ip>'],
  [String.raw`\b(?:0x[0-9a-fA-F]+|[0-9a-fA-F]*(?:\d[a-fA-F]|[a-fA-F]\d)[0-9a-fA-F]{5,})\b`, '<hex>'],
  [String.raw`\d+(?:[.,]\d+)*`, '<n>'],
];

/** Of a message that is a JSON object, the first of these that it has is what a person reads. */
const TEXT_KEYS = ['msg', 'message', 'log', 'event', 'error'];

export function patternsSql(request: PatternsRequest & PlannedFilter): SqlQuery {
  const values = new BoundValues();
  const where = filterSql(request, values);
  const shape = VARYING.reduce(
    (text, [pattern, name]) => `replaceRegexpAll(${text}, ${values.text(pattern)}, ${values.text(name)})`,
    `substringUTF8(${readableText()}, 1, ${SHAPE_CHARACTERS})`,
  );
  return {
    sql: `SELECT shape, count() AS records, topK(1)(level)[1] AS level,
        toUnixTimestamp64Milli(min(time)) AS first, toUnixTimestamp64Milli(max(time)) AS last,
        argMax(id, time) AS id, argMax(source, time) AS source,
        substringUTF8(argMax(message, time), 1, ${EXAMPLE_CHARACTERS}) AS message,
        sum(records) OVER () AS examined, count() OVER () AS different
      FROM (SELECT time, id, source, level, message, ${shape} AS shape FROM ${LOGS_TABLE} WHERE ${where}
        ORDER BY time DESC, id DESC LIMIT ${EXAMINED_RECORDS})
      GROUP BY shape ORDER BY records DESC, shape LIMIT ${values.integer(request.limit)}`,
    parameters: values.parameters,
  };
}

function readableText(): string {
  const texts = TEXT_KEYS.map((key) => `nullIf(JSONExtract(message, '${key}', 'Nullable(String)'), '')`);
  return `if(startsWith(message, '{'), coalesce(${texts.join(', ')}, message), message)`;
}
