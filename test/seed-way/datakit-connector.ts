/**
 * `DFF.SRC('datakit')`: the DataKit client that the function platform gives to scripts, as far as the script uses it.
 *
 * Retold: `write_logging_many` posts line protocol, 100 points a request, one connection a request, not compressed, with
 * a timeout of 10 s. It stops at the first request that fails, with an exception for a status of 400 or more: what went
 * out before has arrived, and nobody is told how much that was. The body and the headers of a 200 are not looked at. A
 * point's time is its top-level `timestamp`, which the script does not set, else the whole second of the call.
 */
import { request } from 'node:http';

const WRITE_SIZE = 100;
const TIMEOUT_MILLIS = 10_000;

export interface Point {
  readonly measurement: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly fields: Readonly<Record<string, string | number>>;
  /** In any unit; the client finds out which. */
  readonly timestamp?: number;
}

export interface DataKitConnector {
  readonly url: string;
  /** Unix milliseconds. */
  readonly now: () => number;
}

/** Status and body of the last request; undefined for no points. */
export async function writeLoggingMany(
  connector: DataKitConnector,
  points: readonly Point[],
): Promise<readonly [statusCode: number, result: string] | undefined> {
  let response: readonly [number, string] | undefined;
  for (let start = 0; start < points.length; start += WRITE_SIZE) {
    const body = prepareLineProtocol(points.slice(start, start + WRITE_SIZE), connector.now);
    response = await post(`${connector.url}/v1/write/logging`, body);
    if (response[0] >= 400) throw new Error(`POST failed. Status Code: ${response[0]}`);
  }
  return response;
}

function prepareLineProtocol(points: readonly Point[], now: () => number): string {
  return points.map((point) => lineOf(point, now)).join('\n');
}

function lineOf({ measurement, tags, fields, timestamp }: Point, now: () => number): string {
  const name = normalizeKey(measurement).replace(/([, ])/g, String.raw`\$1`);
  const tagSet = Object.keys(tags)
    .sort()
    .map((key) => [escape(normalizeKey(key)), escape(normalizeKey(tags[key] ?? ''))])
    .filter(([key, value]) => key !== '' && value !== '')
    .map(([key, value]) => `,${key}=${value}`);
  const fieldSet = Object.keys(fields)
    .sort()
    .map((key) => `${escape(normalizeKey(key))}=${fieldValue(fields[key] ?? '')}`);
  return `${name}${tagSet.join('')} ${fieldSet.join(',')} ${convertToNanos(timestamp ?? now() / 1000)}`;
}

const fieldValue = (value: string | number) =>
  typeof value === 'string' ? `"${value.replace(/(["\\])/g, String.raw`\$1`)}"` : `${value}i`;

const escape = (text: string) => text.replace(/([,= ])/g, String.raw`\$1`);

const normalizeKey = (key: string) => key.replace(/\s/g, ' ').replace(/\\+$/, '');

/** Whole units only: of a time in seconds, the parts of a second are gone. */
function convertToNanos(timestamp: number): string {
  let nanos = BigInt(Math.trunc(timestamp));
  for (let step = 0; step < 3 && nanos < 1_000_000_000_000_000_000n; step++) nanos *= 1000n;
  return String(nanos);
}

function post(url: string, body: string): Promise<readonly [number, string]> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'text/plain', 'content-length': Buffer.byteLength(body) };
    const sent = request(url, { method: 'POST', agent: false, timeout: TIMEOUT_MILLIS, headers }, (reply) => {
      let text = '';
      reply.setEncoding('utf8');
      reply.on('data', (chunk: string) => {
        text += chunk;
      });
      reply.on('end', () => resolve([reply.statusCode ?? 0, text]));
      reply.on('error', reject);
    });
    sent.on('timeout', () => sent.destroy(new Error('timed out')));
    sent.on('error', reject);
    sent.end(body);
  });
}
