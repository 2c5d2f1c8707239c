import { afterEach, describe, expect, test } from 'vitest';
import type { ComponentContext } from '../../src/contracts/component.ts';
import { noMetrics } from '../../src/contracts/metrics.ts';
import type { Sink } from '../../src/contracts/sink.ts';
import { FAULT_REPLIES } from '../../src/demo/datakit/faults.ts';
import type { DataKitStandIn, DataKitStandInOptions } from '../../src/demo/datakit/stand-in-options.ts';
import { startDataKitStandIn } from '../../src/demo/datakit/start-datakit-stand-in.ts';
import { systemClock } from '../../src/foundation/clock.ts';
import { silentLogger } from '../../src/foundation/logger.ts';
import { seededRandom, systemRandom } from '../../src/foundation/random.ts';
import type { LogRecord } from '../../src/record/log-record.ts';
import { startDelivery } from '../../src/sink-kit/deliver.ts';
import type { Delivery } from '../../src/sink-kit/delivery/delivery.ts';
import { InMemorySpool } from '../../src/sink-kit/testing/in-memory-spool.ts';
import { datakit } from '../../src/sinks/datakit/definition.ts';
import { dataway } from '../../src/sinks/dataway/definition.ts';

const TOKEN = 'tkn_0123456789abcdef0123456789abcdef';
const context: ComponentContext = {
  id: 'guance',
  clock: systemClock,
  random: systemRandom,
  logger: silentLogger,
  metrics: noMetrics,
  dataDir: '/nowhere',
};

const ending: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const end of ending.splice(0).reverse()) await end();
});

async function standIn(options: Partial<DataKitStandInOptions> = {}): Promise<DataKitStandIn> {
  const made = await startDataKitStandIn({ clock: systemClock, random: seededRandom(7), ...options });
  ending.push(() => made.close());
  return made;
}

function deliver(sink: Sink, spool: InMemorySpool): Delivery {
  const backOff = { firstMillis: 4, maxMillis: 20 };
  const delivery = startDelivery({ ...context, destination: 'guance', sink, spool, backOff });
  ending.push(() => delivery.stop());
  return delivery;
}

const datakitSink = (url: string, more: object = {}) =>
  datakit.create(datakit.options.parse({ url, max_batch_records: 200, timeout: '1s', ...more }), context);

/** Ten records a millisecond, so that their order hangs on the nanoseconds. */
function dense(from: number, count: number): LogRecord[] {
  const origin = { source: 'ecs', tags: { host: 'task-1', log_stream: 'ecs/api/1' } };
  const begin = Math.trunc(Date.now() / 1000) * 1000 - 60_000;
  return Array.from({ length: count }, (_, index) => {
    const timestampMillis = begin + Math.trunc((from + index) / 10);
    const id = `r${from + index}`;
    return { id, timestampMillis, ingestedMillis: timestampMillis, message: `line "${id}"\n\tat x`, origin };
  });
}

function spoolOf(entries: number, records: number): InMemorySpool {
  const spool = new InMemorySpool(['guance']);
  for (let entry = 0; entry < entries; entry++) spool.commit(dense(entry * records, records));
  return spool;
}

const idsUpTo = (count: number) => Array.from({ length: count }, (_, index) => `r${index}`);
const never = () => new AbortController().signal;

describe('a DataKit', () => {
  test('gets everything once and in order by time, over an outage', async () => {
    const server = await standIn();
    await server.refuse();
    const delivery = deliver(datakitSink(server.url), spoolOf(20, 250));
    await expect.poll(() => delivery.status().retries).toBeGreaterThan(3);
    await server.accept();
    expect(await delivery.drain(never())).toEqual({ drained: true });
    const points = server.received.toArray().toSorted((a, b) => Number(a.timestampNanos - b.timestampNanos));
    expect(points.map(({ fields }) => fields['event_id'])).toEqual(idsUpTo(5000));
    expect(server.received.duplicates).toBe(0);
    expect(points[0]?.fields['message']).toBe('line "r0"\n\tat x');
  });

  test('that misbehaves in every way loses nothing, and gets twice only what it took without saying so', async () => {
    const server = await standIn();
    const often = { probability: 0.1 };
    for (const reply of [
      FAULT_REPLIES.crashed,
      FAULT_REPLIES.rateLimited,
      FAULT_REPLIES.serverError,
      FAULT_REPLIES.badGateway,
      FAULT_REPLIES.unavailable,
      FAULT_REPLIES.htmlPage,
      FAULT_REPLIES.publicAccessDisabled,
    ])
      server.faults.add({ kind: 'reply', reply }, often);
    server.faults.add({ kind: 'reset' }, often);
    server.faults.add({ kind: 'reply', reply: FAULT_REPLIES.timeout, taken: true }, { times: 2, after: 3 });
    server.faults.add({ kind: 'reset', taken: true }, { times: 2, after: 3 });
    server.faults.add({ kind: 'hang', taken: true }, { times: 1, after: 5 });
    const spool = spoolOf(20, 250);
    const delivery = deliver(datakitSink(server.url), spool);
    expect(await delivery.drain(never())).toEqual({ drained: true });
    expect([...server.received.eventIds.keys()].toSorted()).toEqual(idsUpTo(5000).toSorted());
    expect(server.received.duplicates).toBeLessThanOrEqual(5 * 200);
    expect(await spool.deadLetters('guance')).toEqual([]);
    const stamps = new Map<unknown, bigint>();
    for (const { fields, timestampNanos } of server.received.toArray()) {
      const id = fields['event_id'];
      expect(stamps.get(id) ?? timestampNanos).toBe(timestampNanos);
      stamps.set(id, timestampNanos);
    }
  });

  test('is known by a check, which stores nothing', async () => {
    const server = await standIn();
    const sink = datakitSink(server.url);
    ending.push(() => sink.close());
    expect(await sink.check(never())).toMatchObject([{ status: 'ok' }, { status: 'ok' }]);
    expect(server.points).toBe(0);
    server.faults.add({ kind: 'reply', reply: FAULT_REPLIES.otherJson }, { path: 'all' });
    expect(await sink.check(never())).toMatchObject([{ status: 'failed', code: 'DESTINATION_NOT_DATAKIT' }]);
  });

  test('behind a proxy that takes only small bodies gets all the same', async () => {
    const server = await standIn({ maxBodyBytes: 8000 });
    const spool = spoolOf(2, 1000);
    const delivery = deliver(datakitSink(server.url, { gzip: false, max_batch_records: 1000 }), spool);
    expect(await delivery.drain(never())).toEqual({ drained: true });
    expect(server.points).toBe(2000);
    expect(await spool.deadLetters('guance')).toEqual([]);
  });
});

describe('a Dataway', () => {
  const sinkWith = (url: string, token: string) =>
    dataway.create(dataway.options.parse({ url, token, max_batch_records: 200 }), context);

  test('gets everything with the right token', async () => {
    const server = await standIn({ dataway: { token: TOKEN } });
    const delivery = deliver(sinkWith(server.url, TOKEN), spoolOf(4, 250));
    expect(await delivery.drain(never())).toEqual({ drained: true });
    expect(server.points).toBe(1000);
  });

  test('says in a check that it does not know the token', async () => {
    const server = await standIn({ dataway: { token: TOKEN } });
    const sink = sinkWith(server.url, TOKEN.replace('0', '9'));
    ending.push(() => sink.close());
    expect(await sink.check(never())).toMatchObject([
      { status: 'ok' },
      { status: 'failed', code: 'DESTINATION_DENIED' },
    ]);
    expect(server.points).toBe(0);
  });

  test('with a wrong token gets nothing, and nothing is lost', async () => {
    const server = await standIn({ dataway: { token: TOKEN } });
    const spool = spoolOf(4, 250);
    const delivery = deliver(sinkWith(server.url, TOKEN.replace('0', '9')), spool);
    const result = await delivery.drain(never(), { giveUpAfterAttempts: 3 });
    expect(result).toMatchObject({ drained: false, reason: 'unreachable', waitingRecords: 1000 });
    expect(delivery.status().lastError).toMatchObject({ reason: 'denied' });
    expect(await spool.deadLetters('guance')).toEqual([]);
  });
});
