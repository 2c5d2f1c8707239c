import { createHash, createHmac } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Authorization } from './authorization.ts';

export interface SignedRequest {
  readonly method: string;
  /** Path and query as they were sent. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** The signature that the holder of the secret would have made: AWS Signature Version 4 as its documentation defines it. */
export function expectedSignature(
  request: SignedRequest,
  by: Authorization,
  secret: string,
  amzDate: string,
): string {
  const scope = `${by.date}/${by.region}/${by.service}/aws4_request`;
  const toSign = [
    'AWS4-HMAC-SHA256',
    amzDate,
    scope,
    sha256(canonicalRequest(request, by.signedHeaders)),
  ].join('\n');
  const dateKey = hmac(`AWS4${secret}`, by.date);
  const signingKey = hmac(hmac(hmac(dateKey, by.region), by.service), 'aws4_request');
  return hmac(signingKey, toSign).toString('hex');
}

function canonicalRequest(request: SignedRequest, signedHeaders: readonly string[]): string {
  const [path = '/', query = ''] = request.url.split('?', 2);
  const headers = signedHeaders.map((name) => `${name}:${canonicalHeader(request.headers[name])}\n`).join('');
  return [
    request.method,
    canonicalPath(path),
    canonicalQuery(query),
    headers,
    signedHeaders.join(';'),
    sha256(request.body),
  ].join('\n');
}

function canonicalHeader(value: string | string[] | undefined): string {
  const text = Array.isArray(value) ? value.join(',') : (value ?? '');
  return text.trim().replaceAll(/\s+/g, ' ');
}

/** The sent path is encoded once already; every service but S3 signs it encoded twice. */
function canonicalPath(path: string): string {
  return path === '' ? '/' : path.split('/').map(encode).join('/');
}

function canonicalQuery(query: string): string {
  if (query === '') return '';
  const pairs = [...new URLSearchParams(query)].map(([name, value]) => `${encode(name)}=${encode(value)}`);
  return pairs.sort().join('&');
}

function encode(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}

function hmac(key: string | Buffer, data: string): Buffer {
  return createHmac('sha256', key).update(data).digest();
}
