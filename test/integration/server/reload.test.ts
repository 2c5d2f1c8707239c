import { appendFileSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { file, GROUPS, getJson, source, startGround, type Wanted } from './testing/server-ground.ts';

const [A, B] = GROUPS;
const ONE: Wanted = { sources: { a: source(A) }, destinations: { out: file('out.ndjson', ['a']) } };
const TWO: Wanted = {
  sources: { a: source(A), b: source(B) },
  destinations: { out: file('out.ndjson', ['a', 'b']) },
};
const SLOW = { timeout: 8000 };

describe('a reload', () => {
  test.each([
    ['that is no YAML', (path: string) => appendFileSync(path, '\n: [')],
    ['that does not fit the schema', (path: string) => appendFileSync(path, '\nsurprise: 1\n')],
    ['that is empty', (path: string) => writeFileSync(path, '')],
  ])('%s changes nothing: reading and delivering go on', async (_name, spoil) => {
    const ground = await startGround();
    ground.write(ONE);
    const server = await ground.start();
    const first = ground.put(A, 5);
    await expect.poll(() => ground.written('out.ndjson').toSorted(), SLOW).toEqual(first.toSorted());
    const before = server.engine.pipeline;
    spoil(ground.path);
    expect(await server.reload()).toBe(false);
    expect(ground.logged.join('\n')).toContain('the one before stays in place');
    expect(server.engine.pipeline).toBe(before);
    const second = ground.put(A, 5);
    const wanted = [...first, ...second].toSorted();
    await expect.poll(() => ground.written('out.ndjson').toSorted(), SLOW).toEqual(wanted);
    ground.write(ONE);
    expect(await server.reload()).toBe(true);
  });

  test('of the same configuration stops nothing', async () => {
    const ground = await startGround();
    ground.write(ONE);
    const server = await ground.start();
    const before = server.engine.pipeline;
    expect(await server.reload()).toBe(true);
    expect(server.engine.pipeline).toBe(before);
  });

  test('that adds, changes and removes sources loses nothing and repeats nothing', async () => {
    const ground = await startGround();
    ground.write(ONE);
    const server = await ground.start();
    const expected = [...ground.put(A, 20)];
    await expect.poll(() => ground.written('out.ndjson').length, SLOW).toBe(20);

    expected.push(...ground.put(B, 10));
    ground.write(TWO);
    expect(await server.reload()).toBe(true);
    await expect.poll(() => ground.written('out.ndjson').length, SLOW).toBe(30);

    expected.push(...ground.put(A, 7), ...ground.put(B, 7));
    ground.write({ ...TWO, sources: { a: source(A, { every: '2s' }), b: source(B) } });
    expect(await server.reload()).toBe(true);
    await expect.poll(() => ground.written('out.ndjson').length, SLOW).toBe(44);

    // Away and back again: what came meanwhile is read from its checkpoint on.
    ground.write(ONE);
    expect(await server.reload()).toBe(true);
    expected.push(...ground.put(B, 5), ...ground.put(A, 5));
    await expect.poll(() => ground.written('out.ndjson').length, SLOW).toBe(49);
    ground.write(TWO);
    expect(await server.reload()).toBe(true);
    await expect.poll(() => ground.written('out.ndjson').toSorted(), SLOW).toEqual(expected.toSorted());
  });

  test('again and again while logs come in loses nothing and repeats nothing', async () => {
    const ground = await startGround();
    ground.write(TWO);
    const server = await ground.start();
    const expected: string[] = [];
    for (let round = 0; round < 6; round++) {
      expected.push(...ground.put(A, 50), ...ground.put(B, 50));
      ground.write(round % 2 === 0 ? { ...TWO, more: { spool: { max_bytes: `${64 + round}MiB` } } } : TWO);
      expect(await Promise.all([server.reload(), server.reload()])).toEqual([true, true]);
    }
    await expect.poll(() => ground.written('out.ndjson').length, SLOW).toBe(expected.length);
    expect(ground.written('out.ndjson').toSorted()).toEqual(expected.toSorted());
  });

  test('that puts a transform in between, renames it and takes it out gives up nothing that waits', async () => {
    const ground = await startGround();
    const under = (input: string, transforms: object): Wanted => ({
      sources: { a: source(A) },
      destinations: {
        guance: { type: 'datakit', inputs: [input], url: ground.datakit.url, linger: '0s' },
      },
      more: { transforms },
    });
    const levels = { type: 'detect_level', inputs: ['a'] };
    const steps = [
      under('a', {}),
      under('one', { one: levels }),
      under('two', { two: levels }),
      under('a', {}),
    ];
    await ground.datakit.refuse();
    ground.write(under('a', {}));
    const server = await ground.start();
    const expected: string[] = [];
    for (const step of steps) {
      ground.write(step);
      expect(await server.reload()).toBe(true);
      expected.push(...ground.put(A, 10));
      await expect
        .poll(
          async () => (await server.engine.pipeline.status()).destinations[0]?.waiting.waitingRecords,
          SLOW,
        )
        .toBe(expected.length);
    }
    await ground.datakit.accept();
    await expect.poll(() => ground.datakit.received.eventIds.size, SLOW).toBe(expected.length);
    expect([...ground.datakit.received.eventIds.keys()].toSorted()).toEqual(expected.toSorted());
  });

  test('to another data folder leaves everything in the one that is open, until the next start', async () => {
    const ground = await startGround();
    ground.write(ONE);
    const server = await ground.start();
    const first = ground.put(A, 5);
    await expect.poll(() => ground.written('out.ndjson').length, SLOW).toBe(5);
    ground.write({ ...ONE, more: { data_dir: './elsewhere' } });
    expect(await server.reload()).toBe(true);
    expect(ground.logged.join('\n')).toMatch(/next start only.*"data_dir"/);
    const second = ground.put(A, 5);
    const both = [...first, ...second].toSorted();
    await expect.poll(() => ground.written('out.ndjson').toSorted(), SLOW).toEqual(both);
    expect(existsSync(join(ground.dir, 'elsewhere'))).toBe(false);
  });

  test('while somebody else holds the state file is made as soon as it can be', async () => {
    const ground = await startGround();
    ground.write(ONE);
    const server = await ground.start();
    const expected = [...ground.put(A, 5)];
    await expect.poll(() => ground.written('out.ndjson').length, SLOW).toBe(5);
    const other = new Database(join(ground.dir, 'data', 'state.db'));
    other.exec('BEGIN IMMEDIATE');
    ground.write(TWO);
    const reloaded = server.reload();
    await expect.poll(() => ground.logged.join('\n'), SLOW).toContain('cannot begin again yet');
    other.close();
    expect(await reloaded).toBe(true);
    expected.push(...ground.put(B, 5));
    await expect.poll(() => ground.written('out.ndjson').toSorted(), SLOW).toEqual(expected.toSorted());
  });

  test('tells which settings need a start', async () => {
    const ground = await startGround();
    ground.write(ONE);
    const server = await ground.start();
    ground.write({ ...ONE, more: { log: { level: 'debug' }, server: { listen: '127.0.0.1:1' } } });
    expect(await server.reload()).toBe(true);
    expect(ground.logged.join('\n')).toMatch(/next start only.*"server\.listen","log"/);
    expect((await getJson(server, '/healthz')).status).toBe(200);
  });
});

describe('a start', () => {
  test('on a port that is taken says so, and leaves the folder free', async () => {
    const ground = await startGround();
    ground.write({ ...ONE, more: { server: { listen: ground.endpoint.url.slice('http://'.length) } } });
    await expect(ground.start()).rejects.toMatchObject({ code: 'PORT_IN_USE' });
    ground.write(ONE);
    expect((await getJson(await ground.start(), '/healthz')).status).toBe(200);
  });

  test('beyond this machine is refused, as there is no access control', async () => {
    const ground = await startGround();
    ground.write({ ...ONE, more: { server: { listen: '0.0.0.0:0' } } });
    await expect(ground.start()).rejects.toMatchObject({ code: 'LISTEN_NOT_LOOPBACK' });
  });

  test('on a folder that another one works on says so', async () => {
    const ground = await startGround();
    ground.write(ONE);
    await ground.start();
    await expect(ground.start()).rejects.toMatchObject({ code: 'DATA_DIR_LOCKED' });
  });
});
