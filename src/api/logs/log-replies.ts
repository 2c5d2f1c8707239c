import { z } from 'zod';
import type { LogPage, StoredRecord } from '../../contracts/log-search.ts';
import { LEVELS } from '../../record/level.ts';
import { encodeCursor } from './log-requests.ts';

/** What is answered, as /openapi.json shows it. */

const millis = z.int().describe('Unix milliseconds.');
const count = z.int().min(0);
const levelName = z.enum([...LEVELS, 'none']);

export const recordReply = z.object({
  id: z.string().describe('The same for the same event, however often it is read.'),
  timestampMillis: millis.describe('When the application wrote it, Unix milliseconds.'),
  ingestedMillis: millis.describe('When the log service took it in, Unix milliseconds.'),
  storedAtMillis: millis.describe('When it was stored, Unix milliseconds.'),
  level: z.enum(LEVELS).optional(),
  source: z.string().describe('The data source.'),
  tags: z.record(z.string(), z.string()),
  fields: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
  message: z.string(),
  messageBytes: count.optional().describe('UTF-8 bytes of the whole message; there when it was cut.'),
});

const searched = {
  store: z.string().describe('Id of the store that was searched.'),
  fromMillis: millis.describe('Begin of the range that was searched, Unix milliseconds.'),
  toMillis: millis.describe('Its end, inclusive, Unix milliseconds.'),
};

export const pageReply = z.object({
  ...searched,
  records: z.array(recordReply),
  next: z.string().optional().describe('There when there are more: `cursor` of the next page.'),
});

export const histogramReply = z.object({
  ...searched,
  total: count,
  bucketMillis: z.int().min(1),
  buckets: z
    .array(
      z.object({
        fromMillis: millis,
        counts: z
          .partialRecord(levelName, count)
          .describe('Records by level; levels without any are left out.'),
      }),
    )
    .describe('Without a hole, by time.'),
});

const valueCount = z.object({ value: z.string(), count });

export const facetsReply = z.object({
  ...searched,
  total: count.describe('Of each facet the values, the others and the missing add up to it.'),
  facets: z.array(
    z.object({
      field: z.string(),
      values: z.array(valueCount).describe('The most frequent first.'),
      distinct: count.describe('How many different values there are.'),
      others: count.describe('Records with a value that is not listed.'),
      missing: count.describe('Records without a value.'),
    }),
  ),
});

export const fieldsReply = z.object({
  ...searched,
  examined: count.describe('How many records were looked at, the newest ones.'),
  fields: z.array(
    z.object({
      name: z.string().describe('As a query names it.'),
      kind: z.enum(['built_in', 'tag', 'field', 'json']),
      type: z.enum(['text', 'number', 'boolean', 'time', 'mixed']),
      records: count.describe('In how many of the records that were looked at.'),
    }),
  ),
});

export const valuesReply = z.object({
  ...searched,
  field: z.string(),
  values: z.array(valueCount).describe('Of the newest 100,000 records; the most frequent first.'),
});

export const patternsReply = z.object({
  ...searched,
  examined: count.describe('How many records were looked at: the newest of the search.'),
  distinct: count.describe('How many different patterns these have.'),
  patterns: z.array(
    z.object({
      shape: z.string().describe('What the messages have in common; what varies stands as <n>, <hex> …'),
      count,
      level: levelName.describe('The most frequent level.'),
      firstMillis: millis,
      lastMillis: millis,
      example: z.object({
        timestampMillis: millis,
        id: z.string(),
        source: z.string().optional(),
        message: z.string(),
      }),
    }),
  ),
});

export const contextReply = z.object({
  store: z.string(),
  scope: z.enum(['stream', 'task']).describe('`stream` where the record knows of no task.'),
  before: z.array(recordReply).describe('The oldest first.'),
  record: recordReply,
  after: z.array(recordReply),
  hasMoreBefore: z.boolean(),
  hasMoreAfter: z.boolean(),
});

export const storesReply = z.object({
  stores: z.array(
    z.object({
      id: z.string(),
      records: count,
      bytesOnDisk: count,
      oldestMillis: millis.optional(),
      newestMillis: millis.optional(),
    }),
  ),
});

export const problemReply = z.object({
  message: z.string(),
  column: z
    .int()
    .min(1)
    .describe('The first character that is wrong, in UTF-16 units; 1 is the first of the text.'),
  length: count.describe('How many characters are wrong; 0 where something is missing.'),
  expected: z.array(z.string()),
});

export const parseReply = z.object({
  ok: z.boolean(),
  problem: problemReply.optional().describe('There when the text is no query.'),
  canonical: z.string().optional().describe('The same query in the shortest way to write it.'),
  terms: z
    .array(
      z.object({
        field: z.string(),
        kind: z.enum(['text', 'pattern', 'regex', 'compare', 'range', 'severity', 'exists']),
        from: count,
        to: count,
      }),
    )
    .describe('Where each term stands, in UTF-16 units; in the order of the text.'),
});

export const completeReply = z.object({
  from: count.describe('What would be replaced, in UTF-16 units.'),
  to: count,
  items: z.array(
    z.object({
      kind: z.enum(['field', 'value', 'keyword']),
      label: z.string(),
      insert: z.string().describe('What takes its place.'),
      count: count.optional(),
    }),
  ),
});

export const errorReply = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    hint: z.string().optional(),
    column: z.int().min(1).optional().describe('Of QUERY_INVALID: as in /api/v1/logs/parse.'),
    length: count.optional(),
    expected: z.array(z.string()).optional(),
  }),
});

export type RecordReply = z.output<typeof recordReply>;

export function recordToReply({ record, storedAtMillis, messageBytes }: StoredRecord): RecordReply {
  const { id, timestampMillis, ingestedMillis, level, origin, fields, message } = record;
  return {
    id,
    timestampMillis,
    ingestedMillis,
    storedAtMillis,
    ...(level !== undefined && { level }),
    source: origin.source,
    tags: origin.tags,
    ...(fields !== undefined && { fields }),
    message,
    ...(messageBytes !== undefined && { messageBytes }),
  };
}

export function pageToReply({ records, next }: LogPage) {
  return {
    records: records.map(recordToReply),
    ...(next !== undefined && { next: encodeCursor(next) }),
  };
}
