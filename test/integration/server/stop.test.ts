import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { file, GROUPS, source, startGround, type Wanted } from './testing/server-ground.ts';

const [A, B] = GROUPS;
const ONE: Wanted = { sources: { a: source(A) }, destinations: { out: file('out.ndjson', ['a']) } };
const TWO: Wanted = {
  sources: { a: source(A), b: source(B) },
  destinations: { out: file('out.ndjson', ['a', 'b']) },
};
const SLOW = { timeout: 8000 };

describe('a stop', () => {
  test('and a new start go on where it was, and may be asked for twice', async () => {
    const ground = await startGround();
    ground.write(ONE);
    const first = await ground.start();
    const expected = [...ground.put(A, 10)];
    await expect.poll(() => ground.written('out.ndjson').length, SLOW).toBe(10);
    await first.stop();
    await first.stop();
    await expect(fetch(`${first.url}/healthz`)).rejects.toThrow('fetch failed');
    expected.push(...ground.put(A, 10));
    await ground.start();
    await expect.poll(() => ground.written('out.ndjson').toSorted(), SLOW).toEqual(expected.toSorted());
  });

  test.each(['FilterLogEvents', 'DescribeLogGroups'])(
    'ends also while AWS does not answer %s, and so does a reload',
    async (action) => {
      const ground = await startGround();
      ground.endpoint.faults.add({ kind: 'hang', action });
      ground.write(ONE);
      const server = await ground.start();
      await expect.poll(() => ground.endpoint.requests.count(action), SLOW).toBeGreaterThan(0);
      const begun = performance.now();
      ground.write(TWO);
      expect(await server.reload()).toBe(true);
      await server.stop();
      expect(performance.now() - begun).toBeLessThan(3000);
    },
  );

  test('while reading waits for room in the spool loses nothing', async () => {
    const ground = await startGround();
    const wanted = (more: object = {}): Wanted => ({
      sources: { a: source(A) },
      destinations: {
        guance: { type: 'datakit', inputs: ['a'], url: ground.datakit.url, linger: '0s', ...more },
      },
      more: { spool: { max_bytes: '16MiB' } },
    });
    await ground.datakit.refuse();
    ground.write(wanted());
    const first = await ground.start();
    const now = Date.now();
    // More than the spool holds, of what does not compress away.
    const events = Array.from({ length: 2200 }, (_, n) => ({
      timestampMillis: now - n * 100,
      message: randomBytes(9000).toString('base64'),
    }));
    const ids = ground.world.putEvents('us-east-1', A, 'app/web/1', events);
    const usedBytes = async () => (await first.engine.pipeline.status()).spool.usedBytes;
    await expect.poll(usedBytes, SLOW).toBeGreaterThan(13 * 1024 ** 2);
    // Once by a reload, once by a stop.
    ground.write(wanted({ timeout: '9s' }));
    expect(await first.reload()).toBe(true);
    await first.stop(0);
    await ground.datakit.accept();
    await ground.start();
    await expect.poll(() => ground.datakit.received.eventIds.size, { timeout: 15_000 }).toBe(ids.length);
  });

  test('during a reload ends both, and what the reload was for is there at the next start', async () => {
    const ground = await startGround();
    ground.write(ONE);
    const server = await ground.start();
    const expected = [...ground.put(A, 5)];
    await expect.poll(() => ground.written('out.ndjson').length, SLOW).toBe(5);
    ground.write(TWO);
    const reloaded = [server.reload(), server.reload()];
    await server.stop();
    expect(await Promise.all(reloaded)).not.toContain(undefined);
    await ground.start();
    expected.push(...ground.put(B, 5));
    await expect.poll(() => ground.written('out.ndjson').toSorted(), SLOW).toEqual(expected.toSorted());
  });
});
