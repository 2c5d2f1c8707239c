import { describe, expect, test } from 'vitest';
import { startGround } from './testing/server-ground.ts';

const PAGE = { headers: { accept: 'text/html,application/xhtml+xml' } };

async function startServer() {
  const ground = await startGround();
  ground.write({});
  return await ground.start();
}

describe('the web console', () => {
  test('answers every path that a browser opens, so that a link of it works afresh', async () => {
    const { url } = await startServer();
    for (const path of ['/', '/logs?q=level%3Aerror', '/sources/some-source']) {
      const response = await fetch(url + path, PAGE);
      expect([path, response.status, response.headers.get('content-type')]).toEqual([
        path,
        200,
        'text/html; charset=utf-8',
      ]);
      expect(await response.text()).toContain('<div id="root">');
    }
  });

  test('brings its scripts itself, kept by the browser for as long as they are named so', async () => {
    const { url } = await startServer();
    const page = await (await fetch(url, PAGE)).text();
    const [, script = ''] = /<script[^>]* src="([^"]+)"/.exec(page) ?? [];
    const response = await fetch(url + script);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toContain('javascript');
    expect(response.headers.get('cache-control')).toContain('immutable');
  });

  test('runs no script but its own: a policy without inline scripts, and another nonce for the styles each time', async () => {
    const { url } = await startServer();
    const nonces = new Set<string>();
    for (let n = 0; n < 2; n++) {
      const response = await fetch(url, PAGE);
      const policy = response.headers.get('content-security-policy') ?? '';
      expect(policy).toContain("default-src 'none'; script-src 'self';");
      expect(policy).toContain("frame-ancestors 'none'");
      const [, nonce = ''] = /style-src 'self' 'nonce-([^']+)'/.exec(policy) ?? [];
      expect(await response.text()).toContain(`<meta name="style-nonce" content="${nonce}" />`);
      nonces.add(nonce);
    }
    expect(nonces.size).toBe(2);
  });

  test('does not answer programs: what is not there is an error to them', async () => {
    const { url } = await startServer();
    const response = await fetch(`${url}/api/v1/nothing`, PAGE);
    expect([response.status, await response.json()]).toMatchObject([404, { error: { code: 'NOT_FOUND' } }]);
    expect((await fetch(`${url}/nothing`)).status).toBe(404);
    const outside = await fetch(`${url}/assets/%2e%2e%2f%2e%2e%2f%2e%2e%2fpackage.json`);
    expect(await outside.text()).not.toContain('dependencies');
    expect(outside.status).toBeGreaterThanOrEqual(400);
  });
});
