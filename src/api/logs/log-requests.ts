import { z } from 'zod';
import type { LogCursor, LogFilter } from '../../contracts/log-search.ts';
import { parseMoment } from '../../foundation/moment.ts';
import { MAX_QUERY_LENGTH, requireQuery } from '../../logstore/query/parse-query.ts';
import { badRequest } from '../parse-request.ts';

const MAX_MILLIS = 8_640_000_000_000_000;

export const storeParameter = z
  .string()
  .min(1)
  .max(200)
  .exactOptional()
  .describe('Id of a destination of type store. Default: the first one.');

const momentText = z.string().min(1).max(40);

const queryText = z
  .string()
  .max(MAX_QUERY_LENGTH)
  .default('')
  .describe('In the query language (docs/guides/search.md). Default: everything.');

/** Whole numbers come as text in a URL. */
export const wholeNumber = (min: number, max: number) => z.coerce.number().int().min(min).max(max);

/** What all searches have in common. */
export const filterParameters = z.object({
  q: queryText,
  from: momentText
    .default('15m')
    .describe('Begin, inclusive: Unix milliseconds, ISO 8601 (UTC without a zone), or `15m` before now.'),
  to: momentText.default('now').describe('End, inclusive; as `from`.'),
  store: storeParameter,
});

export const maxMessageLength = wholeNumber(1, 2 * 1024 ** 2)
  .default(16_384)
  .describe('Longer messages are cut to so many characters; `messageBytes` then says how long they are.');

export const searchParameters = filterParameters.extend({
  order: z.enum(['newest', 'oldest']).default('newest').describe('Which come first.'),
  limit: wholeNumber(1, 1000).default(100).describe('Records in a page; large ones make it shorter.'),
  cursor: z
    .string()
    .max(4096)
    .exactOptional()
    .describe('`next` of the page before. All other parameters as there, times absolute.'),
  maxMessageLength,
});

export const histogramParameters = filterParameters.extend({
  buckets: wholeNumber(1, 1000).default(60).describe('At most so many, so that their width is a round one.'),
  zoneOffsetMinutes: wholeNumber(-1080, 1080)
    .default(0)
    .describe('Of the zone whose days the buckets begin with; east of UTC is positive.'),
});

const fieldName = z.string().min(1).max(500);

const DEFAULT_FACETS = ['level', 'source', 'cluster', 'service', 'container', 'task', 'stream'];

export const facetsParameters = filterParameters.extend({
  field: z
    .union([fieldName, z.array(fieldName).min(1).max(20)])
    .default(DEFAULT_FACETS)
    .describe('May be given several times.'),
  top: wholeNumber(1, 200).default(10).describe('How many values of each field.'),
});

export const valuesParameters = filterParameters.extend({
  field: fieldName.describe('Name of the field.'),
  containing: z.string().max(1000).default('').describe('Only values with this in them, in whatever case.'),
  limit: wholeNumber(1, 200).default(20),
});

export const patternsParameters = filterParameters.extend({ limit: wholeNumber(1, 200).default(50) });

const keyParameters = z.object({
  time: wholeNumber(-MAX_MILLIS, MAX_MILLIS).describe("The record's own time, Unix milliseconds."),
  id: z.string().max(1000).describe("The record's id."),
  source: z
    .string()
    .max(500)
    .exactOptional()
    .describe('Its data source, where several read the same log group.'),
  store: storeParameter,
});

export const recordParameters = keyParameters;

export const contextParameters = keyParameters.extend({
  scope: z
    .enum(['stream', 'task'])
    .default('stream')
    .describe('What belongs together: the lines of a stream, or of all containers of a task.'),
  before: wholeNumber(0, 500).default(20),
  after: wholeNumber(0, 500).default(20),
  maxMessageLength,
});

export const exportParameters = filterParameters.extend({
  order: z.enum(['newest', 'oldest']).default('oldest').describe('Which come first.'),
  format: z
    .enum(['csv', 'ndjson', 'txt'])
    .default('ndjson')
    .describe('CSV begins with a byte order mark, so that Excel reads it as UTF-8.'),
  gzip: z.stringbool().default(false).describe('Whether the file is compressed.'),
});

export const tailParameters = z.object({
  q: queryText,
  from: momentText
    .default('1h')
    .describe('Records whose own time is older are left out and counted; as `from` of a search.'),
  backlog: wholeNumber(0, 1000)
    .default(100)
    .describe('So many of the newest records that are there already come first.'),
  limit: wholeNumber(1, 1000)
    .default(200)
    .describe('At most so many records at once; what is more is left out and counted.'),
  maxMessageLength,
  store: storeParameter,
});

export const parseParameters = z.object({
  q: z.string().default('').describe('Any text.'),
});

export const completeParameters = filterParameters.extend({
  q: z.string().default('').describe('Any text.'),
  cursor: wholeNumber(0, 1_000_000).describe('How many UTF-16 units of the text stand before the cursor.'),
});

type FilterParameters = z.output<typeof filterParameters>;

/** Throws QueryError for a text that is no query, and what is answered with 400 for times that are none. */
export function filterOf({ q, from, to }: FilterParameters, nowMillis: number): LogFilter {
  const range = { fromMillis: momentOf('from', from, nowMillis), toMillis: momentOf('to', to, nowMillis) };
  if (range.fromMillis > range.toMillis) throw badRequest('`from` lies after `to`.');
  return { ...range, query: requireQuery(q) };
}

export function momentOf(name: string, text: string, nowMillis: number): number {
  // Unix milliseconds; a number of seconds would be a time in January 1970.
  const millis =
    /^-?\d{1,16}$/.test(text) && text !== '0' ? Number(text) : parseMoment(text, nowMillis, true);
  if (millis !== undefined && Math.abs(millis) <= MAX_MILLIS) return millis;
  throw badRequest(
    `\`${name}\` is no time: write Unix milliseconds, 2026-11-23T13:10:00Z, 15m (before now), or now.`,
  );
}

export function encodeCursor({ timestampMillis, id, skip }: LogCursor): string {
  return Buffer.from(JSON.stringify([timestampMillis, id, skip])).toString('base64url');
}

const cursorShape = z.tuple([
  z.int().min(-MAX_MILLIS).max(MAX_MILLIS),
  z.string(),
  z.int().min(1).max(1_000_000),
]);

export function decodeCursor(text: string): LogCursor {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(text, 'base64url').toString());
  } catch {
    throw badRequest('`cursor` is none that a page ended with.');
  }
  const parsed = cursorShape.safeParse(value);
  if (!parsed.success) throw badRequest('`cursor` is none that a page ended with.');
  const [timestampMillis, id, skip] = parsed.data;
  return { timestampMillis, id, skip };
}
