import { afterEach, describe, expect, test } from 'vitest';
import { type HttpTransport, httpTransport } from './http-transport.ts';
import { type LoggingServer, type Script, startLoggingServer } from './testing/logging-server.ts';

const open: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function serve(script: Script): Promise<LoggingServer> {
  const server = await startLoggingServer(script);
  open.push(server);
  return server;
}

function transport(replyTimeoutMillis = 5000): HttpTransport {
  const made = httpTransport({
    connections: 2,
    connectTimeoutMillis: 2000,
    replyTimeoutMillis,
    verifyTls: true,
  });
  open.push(made);
  return made;
}

const never = () => new AbortController().signal;
const get = (url: string) => ({ method: 'GET', url: new URL(url) }) as const;

describe('an exchange', () => {
  test('resolves to the reply, its header names in lower case', async () => {
    const server = await serve(() => ({
      status: 418,
      headers: { 'X-Some': 'a', 'Retry-After': '3' },
      body: 'tea',
    }));
    expect(await transport().send(get(server.url), never())).toMatchObject({
      kind: 'reply',
      status: 418,
      headers: { 'x-some': 'a', 'retry-after': '3' },
      body: 'tea',
    });
  });

  test('keeps the beginning of a reply without end, no more', async () => {
    const server = await serve(() => ({ status: 200, body: 'x'.repeat(20_000_000) }));
    const result = await transport().send(get(server.url), never());
    expect(result).toMatchObject({ kind: 'reply', status: 200 });
    expect(result.kind === 'reply' && result.body.length).toBe(65_536);
  });

  test('follows no redirect', async () => {
    const server = await serve(() => ({ status: 302, headers: { location: '/elsewhere' } }));
    expect(await transport().send(get(server.url), never())).toMatchObject({ status: 302 });
    expect(server.requests).toHaveLength(1);
  });

  test('rejects with the signal’s reason when it is aborted', async () => {
    const server = await serve(() => 'stall');
    const abort = new AbortController();
    const sending = transport().send(get(server.url), abort.signal);
    setTimeout(() => abort.abort(new Error('enough')), 30);
    await expect(sending).rejects.toThrow('enough');
  });

  test('without a reply in time is a failure that may have arrived', async () => {
    const server = await serve(() => 'stall');
    const result = await transport(300).send(get(server.url), never());
    expect(result).toMatchObject({ kind: 'failed', reason: 'timeout', sent: true });
  });

  test('in TLS with a server that speaks none was surely not sent', async () => {
    const server = await serve(() => ({ status: 200 }));
    const result = await transport().send(get(server.url.replace('http:', 'https:')), never());
    expect(result).toMatchObject({ kind: 'failed', reason: 'tls', sent: false });
  });
});

test('connections are closed once and for all', async () => {
  const server = await serve(() => ({ status: 200 }));
  const one = transport();
  await one.send(get(server.url), never());
  await one.close();
  await one.close();
  expect(await one.send(get(server.url), never())).toMatchObject({ kind: 'failed' });
});
