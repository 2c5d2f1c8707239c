import type { ApiBackend } from '../../src/api/api-backend.ts';
import { createApi } from '../../src/api/create-api.ts';
import { silentLogger } from '../../src/foundation/logger.ts';
import { type GeneratedFile, page } from './generated-file.ts';
import { code, prose, table } from './markdown.ts';
import { type OpenApiSchema, schemaText } from './openapi-schema.ts';

interface Operation {
  readonly summary?: string;
  readonly tags?: readonly string[];
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
    readonly description?: string;
    readonly schema?: OpenApiSchema;
  }[];
  readonly requestBody?: { readonly content?: Readonly<Record<string, { readonly schema?: OpenApiSchema }>> };
  readonly responses?: Readonly<Record<string, unknown>>;
}

type Paths = Readonly<Record<string, Readonly<Record<string, Operation>>>>;

export async function httpApiPage(): Promise<GeneratedFile> {
  const operations = Object.entries(await describedPaths()).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      name: `${method.toUpperCase()} ${path}`,
      operation,
    })),
  );
  return page(
    'http-api.md',
    '# HTTP API',
    'Served by `logferry up` at `server.listen`, by default `http://127.0.0.1:8787`. The server has no access control yet: it listens on this machine only, and answers 403 to requests whose `Host` or `Origin` names another. Times are Unix milliseconds. `GET /openapi.json` describes the same for programs.',
    'An error is answered with its status and `{"error":{"code","message","hint"}}`: 400 for a request that is not right, 404 for what is not there, 409 for what cannot be done now, 500 for a failure. The codes are those of [errors](errors.md), and `NOT_FOUND` and `FORBIDDEN`.',
    table(
      ['request', 'answers'],
      operations.map(({ name, operation }) => [code(name), prose(operation.summary ?? '')]),
    ),
    ...operations.map(({ name, operation }) => section(name, operation)),
  );
}

/** The document that the server itself answers; the routes are only registered, never called. */
async function describedPaths(): Promise<Paths> {
  const neverCalled = { version: '' } as ApiBackend;
  const api = await createApi(neverCalled, silentLogger);
  try {
    await api.ready();
    return (api.swagger() as { readonly paths?: Paths }).paths ?? {};
  } finally {
    await api.close();
  }
}

function section(name: string, operation: Operation): string {
  const parameters = (operation.parameters ?? []).map(
    ({ name: id, in: where, required, schema, description }) => [
      code(id),
      where,
      schemaText(schema, required === true),
      prose(description ?? ''),
    ],
  );
  const body = operation.requestBody?.content?.['application/json']?.schema;
  const members = Object.entries(body?.properties ?? {}).map(([id, schema]) => [
    code(id),
    'body',
    schemaText(schema, body?.required?.includes(id) === true),
    prose(schema.description ?? ''),
  ]);
  const statuses = Object.keys(operation.responses ?? {});
  return [
    `## ${name}`,
    prose(operation.summary ?? ''),
    table(['parameter', 'in', 'type', 'meaning'], [...parameters, ...members]),
    `Answers ${statuses.join(' or ')}.`,
  ]
    .filter((block) => block !== '')
    .join('\n\n');
}
