import { describe, expect, test } from 'vitest';
import type { Run } from '../../../src/contracts/run.ts';
import { endOfRun } from './testing/end-of-run.ts';
import {
  file,
  GROUPS,
  getJson,
  postJson,
  source,
  startGround,
  type Wanted,
} from './testing/server-ground.ts';

const [A, B] = GROUPS;
const HOUR = 3_600_000;
const SLOW = { timeout: 9000 };
type Ground = Awaited<ReturnType<typeof startGround>>;
type Server = Awaited<ReturnType<Ground['start']>>;

/** Reads only when a run asks it to. */
const atRest = source(A, { every: undefined, schedule: '0 0 1 1 *', start_from: '-2h' });
const DIRECT: Wanted = { sources: { a: atRest }, destinations: { out: file('out.ndjson', ['a']) } };
const INSERTED: Wanted = {
  sources: { a: atRest },
  destinations: { out: file('out.ndjson', ['levels']) },
  more: { transforms: { levels: { type: 'detect_level', inputs: ['a'] } } },
};
const WITHOUT: Wanted = {
  sources: { b: source(B) },
  destinations: { out: file('out.ndjson', ['levels']) },
  more: { transforms: { levels: { type: 'detect_level', inputs: ['b'] } } },
};

/** 2,000 events over ten hours, in pages of 50 that take a while. */
async function slowHistory(endMillis = Date.now() - 4 * HOUR, apartMillis = 18_000) {
  const ground = await startGround();
  const events = Array.from({ length: 2000 }, (_, n) => ({
    timestampMillis: endMillis - n * apartMillis,
    message: `history ${n}`,
  }));
  const ids = ground.world.putEvents('us-east-1', A, 'app/web/1', events).toSorted();
  ground.endpoint.faults.add({ kind: 'page-size', action: 'FilterLogEvents', maxItems: 50 });
  ground.endpoint.faults.add({ kind: 'slow', action: 'FilterLogEvents', delayMillis: 40 });
  return { ground, ids, range: { fromMillis: endMillis - 11 * HOUR, toMillis: endMillis + HOUR } };
}

async function begin(server: Server, body: object): Promise<string> {
  const reply = await postJson<Run>(server, '/api/v1/runs', { source: 'a', ...body });
  expect(reply.status).toBe(202);
  return reply.body.id;
}

const someWritten = async (ground: Ground) =>
  await expect.poll(() => ground.written('out.ndjson').length, SLOW).toBeGreaterThan(0);

describe('a run that is under way at a reload', () => {
  test('goes on under the new configuration, and what it reads arrives once', {
    timeout: 20_000,
  }, async () => {
    const { ground, ids, range } = await slowHistory();
    ground.write(DIRECT);
    const server = await ground.start();
    const id = await begin(server, { kind: 'backfill', ...range });
    for (const next of [INSERTED, DIRECT, INSERTED]) {
      await someWritten(ground);
      ground.write(next);
      expect(await server.reload()).toBe(true);
      expect((await getJson<Run>(server, `/api/v1/runs/${id}`)).body.state).toBe('running');
    }
    const run = await endOfRun(server, id);
    expect(run).toMatchObject({
      state: 'succeeded',
      progress: 1,
      counts: { committed: ids.length, delivered: { out: ids.length } },
    });
    expect(ground.written('out.ndjson').toSorted()).toEqual(ids);
  });

  test('ends when its source is gone, says so, and is resumed when the source is back', {
    timeout: 20_000,
  }, async () => {
    const { ground, ids, range } = await slowHistory();
    ground.write(INSERTED);
    const server = await ground.start();
    const id = await begin(server, { kind: 'backfill', ...range });
    await someWritten(ground);
    ground.write(WITHOUT);
    expect(await server.reload()).toBe(true);
    const run = await endOfRun(server, id);
    expect(run.state).toBe('cancelled');
    expect(run.error).toContain('no longer has the source "a"');
    expect(run.counts.committed).toBeLessThan(ids.length);

    ground.write(INSERTED);
    expect(await server.reload()).toBe(true);
    const resumed = await begin(server, { kind: 'backfill', resumes: id });
    expect(await endOfRun(server, resumed)).toMatchObject({ state: 'succeeded', progress: 1 });
    expect(ground.written('out.ndjson').toSorted()).toEqual(ids);
  });

  test('is still a single one: a collection goes on too, and counts what it did before', {
    timeout: 20_000,
  }, async () => {
    const { ground, ids } = await slowHistory(Date.now() - 1000, 3000);
    ground.write(DIRECT);
    const server = await ground.start();
    const id = await begin(server, { kind: 'collect' });
    await someWritten(ground);
    ground.write(INSERTED);
    expect(await server.reload()).toBe(true);
    const second = await postJson<{ error: { code: string } }>(server, '/api/v1/runs', {
      kind: 'collect',
      source: 'a',
    });
    expect(second.status).toBe(409);
    expect(await endOfRun(server, id)).toMatchObject({
      state: 'succeeded',
      counts: { committed: ids.length, delivered: { out: ids.length } },
    });
    expect(ground.written('out.ndjson').toSorted()).toEqual(ids);
  });

  test('that waits for a destination waits for the new one', async () => {
    const ground = await startGround();
    const datakit = { type: 'datakit', inputs: ['a'], url: ground.datakit.url, linger: '0s' };
    ground.write({ sources: { a: atRest }, destinations: { guance: datakit } });
    await ground.datakit.refuse();
    ground.put(A, 12);
    const server = await ground.start();
    const id = await begin(server, { kind: 'collect' });
    await expect.poll(async () => (await server.engine.store.spool.newestOffset()) > 0, SLOW).toBe(true);
    ground.write({ sources: { a: atRest }, destinations: { guance: { ...datakit, timeout: '9s' } } });
    const reloaded = server.reload();
    await ground.datakit.accept();
    expect(await reloaded).toBe(true);
    expect(await endOfRun(server, id)).toMatchObject({
      state: 'succeeded',
      counts: { committed: 12, delivered: { guance: 12 } },
    });
  });
});

test('a server that stops writes down how its runs ended, wherever they were', async () => {
  const { ground, range } = await slowHistory();
  ground.write(DIRECT);
  const server = await ground.start();
  const id = await begin(server, { kind: 'backfill', ...range });
  await someWritten(ground);
  await server.stop();
  const next = await ground.start();
  const { body } = await getJson<Run>(next, `/api/v1/runs/${id}`);
  expect(body).toMatchObject({ state: 'cancelled', error: 'The server stops.' });
  expect(body.counts.committed).toBeGreaterThan(0);
});
