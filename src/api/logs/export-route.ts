import { Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import type { StoredRecord } from '../../contracts/log-search.ts';
import { LogferryError } from '../../foundation/logferry-error.ts';
import { jsonSchema, parseRequest } from '../parse-request.ts';
import { EXPORT_TYPES, type ExportFormat, exportHead, exportLine } from './export-text.ts';
import type { LogBackend } from './log-backend.ts';
import { exportParameters, filterOf } from './log-requests.ts';
import { untilClientLeaves } from './until-client-leaves.ts';

const MAX_EXPORTS = 4;
/** Between two of these pieces others have their turn. */
const RECORDS_AT_ONCE = 500;

export function exportRoute(app: FastifyInstance, backend: LogBackend): void {
  let exports = 0;
  app.get(
    '/api/v1/logs/export',
    {
      schema: {
        summary: 'All records of a query and a range of time, as a file.',
        description:
          'Streamed as fast as it is taken, in bounded memory. When it fails on the way the connection is cut: a file that ends well is whole.',
        tags: ['logs'],
        produces: ['text/csv', 'application/x-ndjson', 'text/plain', 'application/gzip'],
        querystring: jsonSchema(exportParameters),
        response: { 200: { type: 'string', format: 'binary' } },
      },
    },
    async (request, reply) => {
      const parameters = parseRequest(exportParameters, request.query);
      const { format, gzip, order } = parameters;
      const filter = filterOf(parameters, backend.now());
      const { logs } = backend.store(parameters.store);
      if (exports >= MAX_EXPORTS) {
        throw new LogferryError('STORE_BUSY', `${MAX_EXPORTS} exports are under way already.`, {
          hint: 'Wait for one of them to end.',
        });
      }
      const pages = logs.exportRecords(filter, order, untilClientLeaves(reply))[Symbol.asyncIterator]();
      exports++;
      let isUnderWay = true;
      const end = () => {
        if (isUnderWay) exports--;
        isUnderWay = false;
      };
      try {
        // Before anything is answered: a query that cannot be carried out is an error, and no empty file.
        const first = await pages.next();
        const text = Readable.from(textOf(format, first, pages), { objectMode: false });
        text.once('close', end);
        const name = `logs-${new Date(filter.toMillis).toISOString().replaceAll(/[-:]|\.\d+/g, '')}.${format}`;
        reply.header('content-type', gzip ? 'application/gzip' : EXPORT_TYPES[format]);
        reply.header('content-disposition', `attachment; filename="${name}${gzip ? '.gz' : ''}"`);
        reply.header('cache-control', 'no-store');
        return await reply.send(gzip ? compressed(text) : text);
      } catch (thrown) {
        end();
        throw thrown;
      }
    },
  );
}

async function* textOf(
  format: ExportFormat,
  first: IteratorResult<readonly StoredRecord[]>,
  rest: AsyncIterator<readonly StoredRecord[]>,
): AsyncGenerator<string> {
  yield exportHead(format);
  try {
    for (let page = first; page.done !== true; page = await rest.next()) {
      for (let at = 0; at < page.value.length; at += RECORDS_AT_ONCE) {
        const some = page.value.slice(at, at + RECORDS_AT_ONCE);
        yield some.map((record) => exportLine(format, record)).join('');
      }
    }
  } finally {
    await rest.return?.();
  }
}

function compressed(text: Readable): Readable {
  const gzip = createGzip();
  text.once('error', (thrown) => gzip.destroy(thrown));
  gzip.once('close', () => text.destroy());
  return text.pipe(gzip);
}
