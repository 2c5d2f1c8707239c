import { request } from 'undici';
import type { LogRecord, Origin } from '../../src/record/log-record.ts';
import { gzipFast, httpTransport } from '../../src/sink-kit/http-transport.ts';
import { LineProtocolEncoder } from '../../src/sink-kit/line-protocol/line-protocol-encoder.ts';
import { BENCH_GROUP } from '../load/bench-group.ts';
import type { Done, Opened, Surroundings } from '../worker/scenario.ts';

/** As the DataKit destination's defaults. */
const BATCH_RECORDS = 5000;
const POSTS_AT_ONCE = 4;

interface Reply {
  readonly events: readonly {
    readonly logStreamName: string;
    readonly timestamp: number;
    readonly message: string;
    readonly ingestionTime: number;
    readonly eventId: string;
  }[];
  readonly nextToken?: string;
}

/**
 * The least that any collector in this language does: fetch a page, JSON.parse it, encode it as line protocol, gzip, post.
 * It keeps nothing, knows no repeats, and would lose everything in a crash.
 */
export function openCeiling(surroundings: Surroundings): Opened {
  const poster = new Poster(surroundings.datakitUrl);
  return { run: () => copyAll(surroundings, poster), close: () => poster.close() };
}

async function copyAll(surroundings: Surroundings, poster: Poster): Promise<Done> {
  const origins = new Map<string, Origin>();
  let records = 0;
  let requests = 0;
  let token: string | undefined;
  let next = fetchPage(surroundings, undefined);
  do {
    const { events, nextToken } = await next;
    requests++;
    token = nextToken;
    // The next page comes in while this one goes out.
    if (token !== undefined) next = fetchPage(surroundings, token);
    const page = events.map(
      (event): LogRecord => ({
        id: event.eventId,
        timestampMillis: event.timestamp,
        ingestedMillis: event.ingestionTime,
        message: event.message,
        origin: originOf(event.logStreamName, origins),
      }),
    );
    records += page.length;
    for (let at = 0; at < page.length; at += BATCH_RECORDS)
      await poster.post(page.slice(at, at + BATCH_RECORDS));
  } while (token !== undefined);
  await poster.end();
  if (records !== surroundings.records) throw new Error(`Read ${records} of ${surroundings.records}.`);
  return { records, points: records, requests };
}

async function fetchPage({ awsUrl, fromMillis, toMillis }: Surroundings, nextToken: string | undefined) {
  const { body } = await request(awsUrl, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'Logs_20140328.FilterLogEvents',
    },
    body: JSON.stringify({
      logGroupName: BENCH_GROUP,
      startTime: fromMillis,
      endTime: toMillis,
      limit: 10_000,
      nextToken,
    }),
  });
  return JSON.parse(await body.text()) as Reply;
}

function originOf(stream: string, origins: Map<string, Origin>): Origin {
  const known = origins.get(stream) ?? {
    source: 'logs',
    tags: { log_group: BENCH_GROUP, log_stream: stream, host: stream },
  };
  origins.set(stream, known);
  return known;
}

class Poster {
  readonly #encoder = new LineProtocolEncoder();
  readonly #transport = httpTransport({
    connections: POSTS_AT_ONCE,
    connectTimeoutMillis: 5000,
    replyTimeoutMillis: 30_000,
    verifyTls: true,
  });
  readonly #url: URL;
  readonly #underWay = new Set<Promise<void>>();

  constructor(datakitUrl: string) {
    this.#url = new URL('/v1/write/logging?precision=n&ignore_global_host_tags=1', datakitUrl);
  }

  async post(records: readonly LogRecord[]): Promise<void> {
    while (this.#underWay.size >= POSTS_AT_ONCE) await Promise.race(this.#underWay);
    const work: Promise<void> = this.#send(this.#encoder.encode(records).body).finally(() =>
      this.#underWay.delete(work),
    );
    this.#underWay.add(work);
  }

  async end(): Promise<void> {
    await Promise.all(this.#underWay);
  }

  async close(): Promise<void> {
    await this.#transport.close();
  }

  async #send(plain: Buffer): Promise<void> {
    const headers = { 'content-type': 'text/plain', 'content-encoding': 'gzip' };
    const body = await gzipFast(plain);
    this.#encoder.reuse(plain);
    const sent = { method: 'POST', url: this.#url, headers, body } as const;
    const reply = await this.#transport.send(sent, AbortSignal.timeout(60_000));
    if (reply.kind === 'failed' || reply.status !== 200) throw new Error(`A post failed: ${reply.kind}`);
  }
}
