/**
 * As much of CloudWatch Logs as a collector needs, answered out of memory: DescribeLogGroups and FilterLogEvents. The
 * demo's endpoint says far more and checks everything; it takes twelve times as long over a page, more than a third of
 * what the bare ceiling takes, which a small machine would take from the collector.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { BENCH_GROUP } from './bench-group.ts';
import type { EventSet } from './event-set.ts';

const PAGE_EVENTS = 10_000;
const PAGE_BYTES = 1024 * 1024;
const KEEP_ALIVE_MILLIS = 75_000;
const ARN = 'arn:aws:logs:us-east-1:123456789012:log-group:';

type Parameters = Readonly<Record<string, unknown>>;

export interface PageServer {
  readonly url: string;
  /** Answered so far, by operation. */
  readonly requests: Readonly<Record<string, number>>;
}

export async function startPageServer(events: EventSet): Promise<PageServer> {
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
  events: EventSet,
): Promise<void> {
  const parameters = await readJson(request);
  const operation = String(request.headers['x-amz-target']).replace(/^.*\./, '');
  requests[operation] = (requests[operation] ?? 0) + 1;
  send(response, answer(operation, parameters, events));
}

type Answer = { readonly status: number; readonly parts: readonly (Buffer | string)[] };

function answer(operation: string, parameters: Parameters, events: EventSet): Answer {
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
function page(parameters: Parameters, events: EventSet): readonly (Buffer | string)[] {
  const { json, offsets, timesMillis, countedBytes, records } = events;
  const { startTime, endTime, nextToken, limit } = parameters;
  const rangeStart = firstAtOrAfter(timesMillis, typeof startTime === 'number' ? startTime : 0);
  const rangeEnd = typeof endTime === 'number' ? firstAtOrAfter(timesMillis, endTime + 1) : records;
  const from = typeof nextToken === 'string' ? Number(nextToken) : rangeStart;
  const last = Math.min(rangeEnd, from + (typeof limit === 'number' ? limit : PAGE_EVENTS));
  let to = Math.min(last, from + 1);
  while (to < last && (countedBytes[to + 1] ?? 0) - (countedBytes[from] ?? 0) <= PAGE_BYTES) to++;
  const token = to < rangeEnd ? `,"nextToken":"${to}"` : '';
  const comma = to > from ? 1 : 0;
  return [
    '{"events":[',
    json.subarray(offsets[from] ?? 0, (offsets[Math.max(from, to)] ?? 0) - comma),
    `],"searchedLogStreams":[]${token}}`,
  ];
}

function firstAtOrAfter(timesMillis: Float64Array, millis: number): number {
  let low = 0;
  let high = timesMillis.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((timesMillis[middle] ?? 0) < millis) low = middle + 1;
    else high = middle;
  }
  return low;
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
