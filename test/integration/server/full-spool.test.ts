import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { DiscardResult } from '../../../src/api/dead-letter-backend.ts';
import type { Run } from '../../../src/contracts/run.ts';
import { FAULT_REPLIES } from '../../../src/demo/datakit/faults.ts';
import { type Clock, systemClock } from '../../../src/foundation/clock.ts';
import type { PipelineStatus } from '../../../src/pipeline/pipeline.ts';
import { file, GROUPS, getJson, postJson, REGION, source, startGround } from './testing/server-ground.ts';

const [A] = GROUPS;
const SLOW = { timeout: 20_000 };
const MAX_SPOOL_BYTES = 60_000;

interface Health {
  readonly status: string;
  readonly problems: readonly string[];
}

/** What waits for minutes waits for seconds. */
const hurried: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now() * 20,
  sleep: (millis, signal) => systemClock.sleep(millis / 20, signal),
};

/** A server whose small spool is full of what its DataKit refused, and that has more to read. */
async function startFull(more: { readonly source?: object; readonly clock?: Clock } = {}) {
  const ground = await startGround();
  ground.write({
    sources: { a: source(A, more.source) },
    destinations: {
      guance: { type: 'datakit', inputs: ['a'], url: ground.datakit.url, linger: '0s' },
      out: file('out.ndjson', ['a']),
    },
  });
  const put = (count: number) => {
    const now = Date.now() - 1000;
    // What does not compress.
    const message = () => randomBytes(10_000).toString('base64');
    const events = Array.from({ length: count }, (_, n) => ({
      timestampMillis: now - n,
      message: message(),
    }));
    return ground.world.putEvents(REGION, A, 'app/web/1', events);
  };
  ground.datakit.faults.add({ kind: 'reply', reply: FAULT_REPLIES.badPoint });
  put(6);
  const server = await ground.start({
    maxSpoolBytes: MAX_SPOOL_BYTES,
    ...(more.clock && { clock: more.clock }),
  });
  const status = async () => (await getJson<PipelineStatus>(server, '/api/v1/status')).body;
  const deadLetters = async () =>
    (await status()).destinations.find(({ id }) => id === 'guance')?.waiting.deadLetters;
  return { ground, server, put, status, deadLetters };
}

describe('a spool full of dead letters', () => {
  test('degrades, and says what fills it and what to do; with room again, reading goes on', async () => {
    const { ground, server, put, status, deadLetters } = await startFull();
    await expect.poll(deadLetters, SLOW).toBe(6);
    // The other destination gets everything that could be read.
    await expect.poll(async () => (await status()).spool.shares.length, SLOW).toBe(1);
    expect(ground.written('out.ndjson')).toHaveLength(6);
    ground.datakit.faults.clear();
    const more = put(3);
    const health = async () => (await getJson<Health>(server, '/readyz')).body;
    await expect.poll(async () => (await health()).status, SLOW).toBe('degraded');
    expect(await getJson(server, '/readyz')).toMatchObject({ status: 200 });
    expect((await health()).problems.join('\n')).toMatch(
      /^the spool is full \(58.6 KiB\) and reading waits, since 20.*: dead letters of guance .* KiB\. `logferry dead-letters list guance` shows why they were refused; then send or discard them\.$/,
    );
    expect((await status()).spool).toMatchObject({
      maxBytes: MAX_SPOOL_BYTES,
      fullSinceMillis: expect.any(Number) as number,
      shares: [{ destination: 'guance', what: 'dead letters', records: 6 }],
    });
    const said = () => ground.logged.join('\n');
    await expect.poll(said, SLOW).toMatch(/The spool is full: reading waits.*dead letters of guance/);
    expect(said().match(/The spool is full/g)).toHaveLength(1);
    const discarded = await getJson<DiscardResult>(server, '/api/v1/destinations/guance/dead-letters', {
      method: 'DELETE',
    });
    expect(discarded.body).toEqual({ discarded: 6, isMore: false, left: 0 });
    await expect
      .poll(() => [...ground.datakit.received.eventIds.keys()].toSorted(), SLOW)
      .toEqual(more.toSorted());
    await expect.poll(async () => (await health()).status, SLOW).toBe('ok');
  });

  test('ends a run with SPOOL_FULL when nothing makes room', async () => {
    const { server, put, deadLetters } = await startFull({
      source: { every: undefined, schedule: '0 0 1 1 *' },
      clock: hurried,
    });
    const run = async () => {
      const { body } = await postJson<Run>(server, '/api/v1/runs', { kind: 'collect', source: 'a' });
      return async () => (await getJson<Run>(server, `/api/v1/runs/${body.id}`)).body;
    };
    await run();
    await expect.poll(deadLetters, SLOW).toBe(6);
    put(3);
    const second = await run();
    await expect
      .poll(async () => (await second()).waitsFor, SLOW)
      .toMatch(/the spool is full.*dead letters of guance/);
    await expect.poll(async () => (await second()).state, SLOW).toBe('failed');
    const ended = await second();
    expect(ended).toMatchObject({ errorCode: 'SPOOL_FULL' });
    expect(ended.error).toContain('dead letters of guance');
    expect(ended.waitsFor).toBeUndefined();
  });
});
