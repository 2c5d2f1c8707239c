import type { FastifyInstance } from 'fastify';
import type { PipelineStatus } from '../pipeline/pipeline.ts';
import { fullProblem, makeRoom } from '../pipeline/spool/spool-status.ts';
import type { ApiBackend } from './api-backend.ts';

const health = {
  type: 'object',
  properties: {
    status: { type: 'string', enum: ['ok', 'degraded', 'failed'] },
    problems: { type: 'array', items: { type: 'string' } },
  },
  required: ['status', 'problems'],
} as const;

export function healthRoutes(app: FastifyInstance, backend: ApiBackend): void {
  app.get(
    '/healthz',
    {
      schema: {
        summary: 'Whether the process lives and its state store answers.',
        tags: ['health'],
        response: { 200: health, 503: health },
      },
    },
    async (_request, reply) => {
      try {
        await backend.status();
        return { status: 'ok', problems: [] };
      } catch (thrown) {
        return await reply.code(503).send({ status: 'failed', problems: [String(thrown)] });
      }
    },
  );
  app.get(
    '/readyz',
    {
      schema: {
        summary:
          'Whether logs flow. One destination that is down, or a full spool, degrades; all destinations, or all sources, fail.',
        tags: ['health'],
        response: { 200: health, 503: health },
      },
    },
    async (_request, reply) => {
      const verdict = judge(await backend.status());
      return await reply.code(verdict.status === 'failed' ? 503 : 200).send(verdict);
    },
  );
  app.get(
    '/metrics',
    {
      schema: {
        summary: 'Metrics in the text format of Prometheus.',
        tags: ['health'],
        produces: ['text/plain'],
      },
    },
    async (_request, reply) =>
      await reply.type(backend.metrics.contentType).send(await backend.metrics.render()),
  );
}

/** Pure: what /readyz says of a status. */
export function judge({ sources, destinations, spool }: PipelineStatus): {
  readonly status: 'ok' | 'degraded' | 'failed';
  readonly problems: readonly string[];
} {
  const badSources = sources.filter(({ state }) => state === 'blocked' || state === 'degraded');
  const badDestinations = destinations.filter(
    ({ state }) => state.kind === 'retrying' || state.kind === 'failed',
  );
  const problems = [
    ...badSources.map(({ id, state, error, partitions }) => {
      const first = error ?? partitions.find((partition) => partition.error)?.error;
      return `source ${id} is ${state}${first === undefined ? '' : `: ${first.message}`}`;
    }),
    ...sources.flatMap(({ id, partitions }) => expiringProblem(id, partitions)),
    ...spoolProblem(spool),
    ...badDestinations.map(
      ({ id, state }) => `destination ${id} is ${state.kind}${'detail' in state ? `: ${state.detail}` : ''}`,
    ),
  ];
  const isFailed =
    (sources.length > 0 && sources.every(({ state }) => state === 'blocked')) ||
    (destinations.length > 0 && badDestinations.length === destinations.length);
  return { status: isFailed ? 'failed' : problems.length > 0 ? 'degraded' : 'ok', problems };
}

function spoolProblem(spool: PipelineStatus['spool']): string[] {
  const problem = fullProblem(spool);
  return problem === undefined ? [] : [`${problem}. ${makeRoom(spool.shares)}`];
}

function expiringProblem(id: string, partitions: PipelineStatus['sources'][number]['partitions']): string[] {
  const expiring = partitions.flatMap(({ title, expiring: risk }) =>
    risk === undefined ? [] : [{ title, ...risk }],
  );
  const [first] = expiring.toSorted((a, b) => a.lossAtMillis - b.lossAtMillis);
  if (first === undefined) return [];
  const more = expiring.length > 1 ? ` (and of ${expiring.length - 1} more)` : '';
  const when = new Date(first.lossAtMillis).toISOString();
  return [`source ${id}: unread events of ${first.title}${more} expire in CloudWatch Logs from ${when} on`];
}
