/**
 * As much of CloudWatch Logs as a collector needs, answered out of memory: DescribeLogGroups and FilterLogEvents. The
 * demo's endpoint says far more and checks everything; it takes twelve times as long over a page, more than a third of
 * what the bare ceiling takes, which a small machine would take from the collector.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { BENCH_GROUP } from './bench-group.ts';

const PAGE_EVENTS = 10_000;
const PAGE_BYTES = 1024 * 1024;
const KEEP_ALIVE_MILLIS = 75_000;
const ARN = 'arn:aws:logs:us-east-1:123456789012:log-group:';

type Parameters = Readonly<Record<string, unknown>>;

/** The events of the log group, ascending by time and numbered from 0. */
export interface PagedEvents {
  readonly records: number;
  /** The first at this time or after it; `records` when there is none. */
  indexAt(millis: number): number;
  /** Events [from, to) as JSON without a comma at the end: as many as a page holds, `last` being their end at most. */
  page(from: number, last: number, maxBytes: number): { readonly to: number; readonly json: Buffer | string };
}

export interface PageServer {
  readonly url: string;
  /** Answered so far, by operation. */
  readonly requests: Readonly<Record<string, number>>;
}

export async function startPageServer(events: PagedEvents): Promise<PageServer> {
  const requests: Record<string, number> = {};
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MILLIS }, (request, response) => {
    reply(request, response, requests, events).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, requests };
}

async function reply(
  request: IncomingMessage,
  response: ServerResponse,
  requests: Record<string, number>,
  events: PagedEvents,
): Promise<void> {
  const parameters = await readJson(request);
  const operation = String(request.headers['x-amz-target']).replace(/^.*\./, '');
  requests[operation] = (requests[operation] ?? 0) + 1;
  send(response, answer(operation, parameters, events));
}

type Answer = { readonly status: number; readonly parts: readonly (Buffer | string)[] };

function answer(operation: string, parameters: Parameters, events: PagedEvents): Answer {
  switch (operation) {
    case 'FilterLogEvents':
      return { status: 200, parts: page(parameters, events) };
    case 'DescribeLogGroups':
      return { status: 200, parts: [JSON.stringify({ logGroups: groups(parameters) })] };
    default:
      return { status: 400, parts: ['{"__type":"UnknownOperationException"}'] };
  }
}

function groups({ logGroupNamePrefix }: Parameters): readonly object[] {
  const prefix = typeof logGroupNamePrefix === 'string' ? logGroupNamePrefix : '';
  return [BENCH_GROUP]
    .filter((name) => name.startsWith(prefix))
    .map((logGroupName) => ({
      logGroupName,
      creationTime: 1_700_000_000_000,
      arn: `${ARN}${logGroupName}:*`,
      logGroupArn: `${ARN}${logGroupName}`,
      logGroupClass: 'STANDARD',
    }));
}

/** The token is the index of the next event: the range comes with every request. */
function page(parameters: Parameters, events: PagedEvents): readonly (Buffer | string)[] {
  const { startTime, endTime, nextToken, limit } = parameters;
  const rangeStart = events.indexAt(typeof startTime === 'number' ? startTime : 0);
  const rangeEnd = typeof endTime === 'number' ? events.indexAt(endTime + 1) : events.records;
  const from = typeof nextToken === 'string' ? Number(nextToken) : rangeStart;
  const last = Math.min(rangeEnd, from + (typeof limit === 'number' ? limit : PAGE_EVENTS));
  const { to, json } = events.page(from, last, PAGE_BYTES);
  const token = to < rangeEnd ? `,"nextToken":"${to}"` : '';
  return ['{"events":[', json, `],"searchedLogStreams":[]${token}}`];
}

function send(response: ServerResponse, { status, parts }: Answer): void {
  const bytes = parts.reduce((sum, part) => sum + Buffer.byteLength(part), 0);
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1', 'content-length': bytes });
  response.cork();
  for (const part of parts) response.write(part);
  response.end();
}

async function readJson(request: IncomingMessage): Promise<Parameters> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return JSON.parse(Buffer.concat(chunks).toString()) as Parameters;
}
