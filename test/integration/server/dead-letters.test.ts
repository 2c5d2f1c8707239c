import { describe, expect, test } from 'vitest';
import type { DeadLetterList, DeadLetterSend, DiscardResult } from '../../../src/api/dead-letter-backend.ts';
import type { Run } from '../../../src/contracts/run.ts';
import { FAULT_REPLIES } from '../../../src/demo/datakit/faults.ts';
import { GROUPS, getJson, postJson, source, startGround } from './testing/server-ground.ts';

const [A] = GROUPS;
const SLOW = { timeout: 9000 };
const PATH = '/api/v1/destinations/guance/dead-letters';
/** Long enough to do something meanwhile. */
const SLOW_WRITE = { kind: 'slow', millis: 1000 } as const;
const badPoint = { kind: 'reply', reply: FAULT_REPLIES.badPoint } as const;

type Ground = Awaited<ReturnType<typeof startGround>>;
type Server = Awaited<ReturnType<Ground['start']>>;
interface ErrorBody {
  readonly error: { readonly code: string; readonly message: string; readonly hint?: string };
}

const config = (ground: Ground, more: object = {}) => ({
  sources: { a: source(A, { every: undefined, schedule: '0 0 1 1 *' }) },
  destinations: {
    guance: {
      type: 'datakit',
      inputs: ['a'],
      url: ground.datakit.url,
      linger: '0s',
      max_batch_records: 5,
      ...more,
    },
  },
});

const list = async (server: Server, query = '') =>
  (await getJson<DeadLetterList>(server, `${PATH}${query}`)).body;

async function collect(server: Server): Promise<void> {
  const { body } = await postJson<Run>(server, '/api/v1/runs', { kind: 'collect', source: 'a' });
  const state = async () => (await getJson<Run>(server, `/api/v1/runs/${body.id}`)).body.state;
  await expect.poll(state, SLOW).toBe('succeeded');
}

/** A server whose DataKit refused so many events for good; it takes them by now. */
async function startRefused(events: number) {
  const ground = await startGround();
  ground.write(config(ground));
  const server = await ground.start();
  const ids = ground.put(A, events).toSorted();
  ground.datakit.faults.add(badPoint);
  await collect(server);
  ground.datakit.faults.clear();
  return { ground, server, ids };
}

async function endOfSending(server: Server): Promise<DeadLetterSend> {
  let status: DeadLetterSend | undefined;
  await expect
    .poll(async () => {
      status = (await getJson<DeadLetterSend>(server, `${PATH}/send`)).body;
      return status.state;
    }, SLOW)
    .not.toBe('running');
  if (status === undefined) throw new Error('There is no sending.');
  return status;
}

describe('dead letters', () => {
  test('are listed with what the destination said, newest first and page by page', async () => {
    const { server, ids } = await startRefused(12);
    const all = await list(server);
    expect(all).toMatchObject({ destination: 'guance', kept: 12, reasons: { bad_point: 12 } });
    expect(all.deadLetters.map(({ event }) => event?.id ?? '').toSorted()).toEqual(ids);
    const [newest] = all.deadLetters;
    expect(newest).toMatchObject({
      reason: 'bad_point',
      detail: expect.stringContaining('missing fields') as string,
      records: 1,
      event: { source: 'a', message: expect.stringMatching(/^line \d+$/) as string, tags: { log_group: A } },
    });
    const first = await list(server, '?limit=5');
    const second = await list(server, `?limit=50&beforeId=${first.deadLetters[4]?.id}`);
    expect([...first.deadLetters, ...second.deadLetters]).toEqual(all.deadLetters);
    expect(await list(server, '?reason=other')).toMatchObject({ kept: 12, deadLetters: [] });
  });

  test('that are sent again arrive once each, and are kept no longer', async () => {
    const { ground, server, ids } = await startRefused(23);
    expect(ground.datakit.received.count).toBe(0);
    const begun = await postJson<DeadLetterSend>(server, `${PATH}/send`, {});
    expect(begun).toMatchObject({ status: 202, body: { destination: 'guance', state: 'running' } });
    expect(await endOfSending(server)).toMatchObject({ state: 'ended', sent: 23, refused: 0, left: 0 });
    expect([...ground.datakit.received.eventIds.keys()].toSorted()).toEqual(ids);
    expect(ground.datakit.received.duplicates).toBe(0);
    expect(await list(server)).toMatchObject({ kept: 0, reasons: {}, deadLetters: [] });
    // The other way goes on as before.
    ground.put(A, 3, 0);
    await collect(server);
    expect(ground.datakit.received.eventIds.size).toBe(26);
  });

  test('that are refused again stay, and the sending says so', async () => {
    const { ground, server } = await startRefused(6);
    ground.datakit.faults.add(badPoint);
    await postJson(server, `${PATH}/send`, { reason: 'bad_point' });
    const status = await endOfSending(server);
    expect(status).toMatchObject({
      state: 'failed',
      reason: 'bad_point',
      sent: 0,
      refused: 6,
      left: 6,
      error: {
        code: 'DESTINATION_REJECTED',
        hint: expect.stringContaining('dead-letters discard') as string,
      },
    });
    expect(await list(server)).toMatchObject({ kept: 6 });
  });

  test('stay when the destination is down, and the sending says what to do', async () => {
    const { ground, server } = await startRefused(6);
    await ground.datakit.refuse();
    await postJson(server, `${PATH}/send`, {});
    const status = await endOfSending(server);
    expect(status).toMatchObject({
      state: 'failed',
      sent: 0,
      left: 6,
      error: { code: 'DESTINATION_UNREACHABLE' },
    });
    expect(status.error?.message).toMatch(/ECONNREFUSED/);
    expect(status.error?.hint).toContain('still kept');
    await ground.datakit.accept();
    await postJson(server, `${PATH}/send`, {});
    expect(await endOfSending(server)).toMatchObject({ state: 'ended', sent: 6, left: 0 });
  });

  test('are sent by one at a time; a sending can be cancelled, and nothing is lost by that', async () => {
    const { ground, server } = await startRefused(12);
    ground.datakit.faults.add(SLOW_WRITE, { after: 1 });
    await postJson(server, `${PATH}/send`, {});
    const sent = async () => (await getJson<DeadLetterSend>(server, `${PATH}/send`)).body.sent;
    await expect.poll(sent, SLOW).toBe(5);
    const second = await postJson<ErrorBody>(server, `${PATH}/send`, {});
    expect(second).toMatchObject({ status: 409, body: { error: { code: 'USAGE' } } });
    expect((await getJson(server, PATH, { method: 'DELETE' })).status).toBe(409);
    const cancelled = await getJson(server, `${PATH}/send`, { method: 'DELETE' });
    expect(cancelled).toEqual({ status: 202, body: { destination: 'guance', cancelling: true } });
    expect(await endOfSending(server)).toMatchObject({ state: 'cancelled', error: { code: 'INTERRUPTED' } });
    // The write that was under way ended.
    expect(await list(server)).toMatchObject({ kept: 2 });
    expect((await getJson(server, `${PATH}/send`, { method: 'DELETE' })).status).toBe(409);
    ground.datakit.faults.clear();
    await postJson(server, `${PATH}/send`, {});
    await endOfSending(server);
    expect(ground.datakit.received.eventIds.size).toBe(12);
  });

  test('that are being sent while the configuration changes are sent on under the new one', async () => {
    const { ground, server, ids } = await startRefused(12);
    ground.datakit.faults.add(SLOW_WRITE, { after: 1, times: 1 });
    await postJson(server, `${PATH}/send`, {});
    const sent = async () => (await getJson<DeadLetterSend>(server, `${PATH}/send`)).body.sent;
    await expect.poll(sent, SLOW).toBe(5);
    ground.write(config(ground, { max_batch_records: 4 }));
    expect(await server.reload()).toBe(true);
    expect(await endOfSending(server)).toMatchObject({ state: 'ended', sent: 12, refused: 0, left: 0 });
    expect([...ground.datakit.received.eventIds.keys()].toSorted()).toEqual(ids);
    expect(ground.datakit.received.duplicates).toBe(0);
  });

  test('of a destination that the new configuration no longer has are gone, and the sending says so', async () => {
    const { ground, server } = await startRefused(12);
    ground.datakit.faults.add(SLOW_WRITE, { after: 1 });
    await postJson(server, `${PATH}/send`, {});
    const sent = async () => (await getJson<DeadLetterSend>(server, `${PATH}/send`)).body.sent;
    await expect.poll(sent, SLOW).toBe(5);
    const { sources } = config(ground);
    ground.write({ sources, destinations: { out: { type: 'file', inputs: ['a'], path: 'out.ndjson' } } });
    expect(await server.reload()).toBe(true);
    expect((await getJson(server, `${PATH}/send`)).status).toBe(404);
    const said = () => ground.logged.join('\n');
    await expect.poll(said, SLOW).toContain('There is no destination \\"guance\\".');
    expect(said()).toMatch(/A destination is no longer configured.*"deadLetters":2/);
  });

  test('are discarded by reason and up to an id, and counted', async () => {
    const { ground, server } = await startRefused(10);
    const all = await list(server);
    const discard = async (query: string) =>
      await getJson<DiscardResult>(server, `${PATH}?${query}`, { method: 'DELETE' });
    expect((await discard('reason=other')).body).toEqual({ discarded: 0, isMore: false, left: 10 });
    const throughId = all.deadLetters[6]?.id;
    expect((await discard(`throughId=${throughId}`)).body).toEqual({ discarded: 4, isMore: false, left: 6 });
    expect(await list(server)).toMatchObject({ deadLetters: all.deadLetters.slice(0, 6) });
    expect((await discard('reason=bad_point')).body).toEqual({ discarded: 6, isMore: false, left: 0 });
    const metrics = await (await fetch(`${server.url}/metrics`)).text();
    expect(metrics).toContain('logferry_dead_letters_discarded_total{destination="guance"} 10\n');
    expect(ground.logged.join('\n')).toContain('Dead letters were discarded, as asked.');
    expect(ground.datakit.received.count).toBe(0);
  });

  test('of a destination that is not there, and what is not asked rightly, are answered so', async () => {
    const { server } = await startRefused(1);
    for (const [method, path] of [
      ['GET', ''],
      ['DELETE', ''],
      ['POST', '/send'],
      ['GET', '/send'],
      ['DELETE', '/send'],
    ] as const) {
      const reply = await getJson<ErrorBody>(server, `/api/v1/destinations/guanze/dead-letters${path}`, {
        method,
      });
      expect(reply).toMatchObject({ status: 404, body: { error: { code: 'DESTINATION_NOT_FOUND' } } });
    }
    expect((await getJson(server, `${PATH}/send`)).status).toBe(409);
    expect((await getJson(server, `${PATH}?limit=0`)).status).toBe(400);
    expect((await getJson(server, `${PATH}?throughId=x`, { method: 'DELETE' })).status).toBe(400);
    expect((await postJson(server, `${PATH}/send`, { raeson: 'x' })).status).toBe(400);
    expect(await list(server)).toMatchObject({ kept: 1 });
  });
});
