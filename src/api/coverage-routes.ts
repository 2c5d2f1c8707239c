import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { COVERAGE_STATES } from '../pipeline/coverage/coverage.ts';
import { CELL_LETTERS } from '../pipeline/coverage/coverage-report.ts';
import { type ApiBackend, MAX_COVERAGE_DAYS } from './api-backend.ts';
import { jsonSchema, parseRequest } from './parse-request.ts';

const millis = z.coerce.number().int().min(0).max(8_640_000_000_000_000);

const coverageQuery = z
  .object({
    source: z.string().min(1).optional().describe('Id of a source (default: all).'),
    group: z.string().min(1).optional().describe('Only log groups with this in their name.'),
    from: millis.optional().describe('Begin of the range (default: 24 hours before its end).'),
    to: millis.optional().describe('End of the range (default: now).'),
    cells: z.coerce
      .number()
      .int()
      .min(1)
      .max(1440)
      .default(1440)
      .describe('How many cells the strip of a log group may have; one is a minute at least.'),
    limit: z.coerce.number().int().min(1).max(500).default(100).describe('How many log groups.'),
    after: z.string().optional().describe('The key of the last log group of the answer before this one.'),
  })
  .check(({ value, issues }) => {
    const { from, to } = value;
    if (from === undefined || to === undefined || from <= to) return;
    issues.push({ code: 'custom', message: 'from lies after to.', input: value, path: ['from'] });
  });

const count = { type: 'integer', minimum: 0 } as const;
const time = { type: 'integer', description: 'Unix milliseconds.' } as const;
const counts = { liveEvents: count, backfilledEvents: count };
const state = { type: 'string', enum: [...COVERAGE_STATES] } as const;
const reason = { type: 'string', enum: ['expired', 'deleted', 'denied', 'unreadable'] } as const;
const range = { fromMillis: time, toMillis: time };

const span = {
  type: 'object',
  properties: { ...range, state, reason, ...counts },
  required: ['fromMillis', 'toMillis', 'state', 'liveEvents', 'backfilledEvents'],
} as const;

const strip = {
  type: 'object',
  properties: {
    cellMillis: count,
    states: {
      type: 'string',
      description: `A letter a cell: ${COVERAGE_STATES.map((one) => `${CELL_LETTERS[one]} ${one}`).join(', ')}.`,
    },
    liveEvents: { type: 'array', items: count },
    backfilledEvents: { type: 'array', items: count },
  },
  required: ['cellMillis', 'states', 'liveEvents', 'backfilledEvents'],
} as const;

const audits = {
  type: 'object',
  description:
    'What counting sealed minutes again has shown since reading began; of the findings, those of the range.',
  properties: {
    compared: count,
    notComparable: { type: 'object', description: 'By reason.', additionalProperties: count },
    lastAtMillis: time,
    findings: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          minuteMillis: time,
          foundAtMillis: time,
          way: { type: 'string', enum: ['by_stream', 'read_again'] },
          missing: count,
          repaired: count,
        },
      },
    },
  },
} as const;

const partition = {
  type: 'object',
  properties: {
    key: { type: 'string' },
    source: { type: 'string' },
    title: { type: 'string' },
    coveredFromMillis: time,
    watermarkMillis: time,
    headMillis: time,
    lateness: {
      type: 'object',
      description: 'How late events come: 15 of 16 at most usualMillis, 999 of 1,000 at most horizonMillis.',
      properties: { usualMillis: count, horizonMillis: count, isLearned: { type: 'boolean' } },
    },
    audits,
    ...counts,
    minutes: { type: 'object', properties: Object.fromEntries(COVERAGE_STATES.map((one) => [one, count])) },
    spans: { type: 'array', items: span },
    gaps: {
      type: 'array',
      items: { type: 'object', properties: { ...range, reason, recordedAtMillis: time } },
    },
    strip,
  },
  required: ['key', 'source', 'title', 'liveEvents', 'backfilledEvents', 'minutes', 'spans', 'gaps', 'strip'],
} as const;

const report = {
  type: 'object',
  properties: {
    ...range,
    countsFromMillis: time,
    partitions: { type: 'array', items: partition },
    leftOut: count,
  },
  required: ['fromMillis', 'toMillis', 'countsFromMillis', 'partitions', 'leftOut'],
} as const;

export function coverageRoutes(app: FastifyInstance, backend: ApiBackend): void {
  app.get(
    '/api/v1/coverage',
    {
      schema: {
        summary: `Of each minute of each log group: sealed, backfilled, open, pending, unread, or a gap, with the events that were read. A range of ${MAX_COVERAGE_DAYS} days at most.`,
        tags: ['status'],
        querystring: jsonSchema(coverageQuery),
        response: { 200: report },
      },
    },
    async (request) => {
      const { source, group, from, to, cells, limit, after } = parseRequest(coverageQuery, request.query);
      return await backend.coverage({
        maxCells: cells,
        limit,
        ...(source !== undefined && { source }),
        ...(group !== undefined && { group }),
        ...(from !== undefined && { fromMillis: from }),
        ...(to !== undefined && { toMillis: to }),
        ...(after !== undefined && { after }),
      });
    },
  );
}
