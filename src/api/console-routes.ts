/**
 * The built web console. Files below /assets carry their content's hash in their name and are kept by browsers for ever;
 * index.html is made anew for each request, with the nonce that its content security policy names.
 */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

const NO_NONCE = '<meta name="style-nonce" content="" />';
const YEAR_MILLIS = 365 * 86_400_000;

const NOT_BUILT =
  'The web console is not built here. In a checkout, `npm run prepare` builds it; `logferry status` tells the same in a terminal.\n';

export interface ConsolePages {
  /** Answers a request for a page of the console; the console itself finds out which. */
  answer(reply: FastifyReply): FastifyReply;
}

/** Serves what lies in `folder`, a build of the console. */
export async function consoleRoutes(app: FastifyInstance, folder: string | undefined): Promise<ConsolePages> {
  const page = folder === undefined ? undefined : readIndex(folder);
  if (folder !== undefined && page !== undefined) {
    await app.register(fastifyStatic, {
      root: join(folder, 'assets'),
      prefix: '/assets/',
      index: false,
      immutable: true,
      maxAge: YEAR_MILLIS,
      setHeaders: (response) => {
        response.header('x-content-type-options', 'nosniff');
      },
    });
  }
  return {
    answer(reply) {
      if (page === undefined) return reply.code(404).type('text/plain; charset=utf-8').send(NOT_BUILT);
      const nonce = randomBytes(16).toString('base64');
      return reply
        .headers(pageHeaders(nonce))
        .type('text/html; charset=utf-8')
        .send(page.replace(NO_NONCE, `<meta name="style-nonce" content="${nonce}" />`));
    },
  };
}

/** Whether a browser asks for a page, and not a program for data. */
export function asksForPage({ method, url, headers }: FastifyRequest): boolean {
  const isPath = !/^\/(?:api|assets)\//.test(url);
  return method === 'GET' && isPath && (headers.accept ?? '').includes('text/html');
}

function readIndex(folder: string): string | undefined {
  try {
    return readFileSync(join(folder, 'index.html'), 'utf8');
  } catch (thrown) {
    if ((thrown as { readonly code?: string }).code === 'ENOENT') return undefined;
    throw thrown;
  }
}

/** Scripts come from this server alone, whatever a log line holds. Libraries set the `style` attribute of elements. */
function pageHeaders(nonce: string): Record<string, string> {
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ];
  return {
    'content-security-policy': policy.join('; '),
    'cache-control': 'no-store',
    'cross-origin-opener-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
  };
}
