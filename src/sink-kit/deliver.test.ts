import { afterEach, describe, expect, test } from 'vitest';
import type { WriteOutcome } from '../contracts/sink.ts';
import { InMemorySpool } from './testing/in-memory-spool.ts';
import { delivered, noAnswer, refused, rejected, ScriptedSink, unclear } from './testing/scripted-sink.ts';
import { idsFrom, someRecords } from './testing/some-records.ts';
import { TestDeliveries } from './testing/test-deliveries.ts';

const deliveries = new TestDeliveries();
const start = deliveries.start.bind(deliveries);
const never = () => new AbortController().signal;

afterEach(() => deliveries.stopAll());

describe('delivering', () => {
  test('goes through all entries in order, in batches of the sink’s size, and moves the cursor to the end', async () => {
    const spool = new InMemorySpool(['d']);
    for (let entry = 0; entry < 5; entry++) spool.commit(someRecords(entry * 7, 7));
    const sink = new ScriptedSink();
    const { delivery, counts } = start(sink, spool);
    expect(await delivery.drain(never())).toEqual({ drained: true });
    expect(sink.batches.map(({ records }) => records.length)).toEqual([10, 10, 10, 5]);
    expect(sink.arrived).toEqual(idsFrom(0, 35));
    expect(await spool.position('d')).toEqual({ offset: 6, index: 0 });
    expect(delivery.status()).toMatchObject({ delivered: 35, deadLetters: 0, state: { kind: 'idle' } });
    expect(counts.get('logferry_delivered_records_total d')).toBe(35);
    expect(counts.get('logferry_delivered_bytes_total d')).toBe(40);
  });

  test('cuts batches by bytes too, and sends a record larger than a batch alone', async () => {
    const spool = new InMemorySpool(['d']);
    spool.commit([...someRecords(0, 2), ...someRecords(2, 1, 'x'.repeat(5000)), ...someRecords(3, 2)]);
    const sink = new ScriptedSink(undefined, { maxBytes: 1000 });
    const { delivery } = start(sink, spool);
    await delivery.drain(never());
    expect(sink.batches.map(({ records }) => records.length)).toEqual([2, 1, 2]);
  });

  test('a batch that is not full waits for more, a full one does not', async () => {
    const spool = new InMemorySpool(['d']);
    spool.commit(someRecords(0, 3));
    const sink = new ScriptedSink(undefined, { lingerMillis: 1000 });
    const { clock } = start(sink, spool);
    await clock.advance(500);
    spool.commit(someRecords(3, 4));
    await clock.advance(400);
    expect(sink.batches).toHaveLength(0);
    await clock.advance(200);
    expect(sink.arrived).toEqual(idsFrom(0, 7));
    spool.commit(someRecords(7, 10));
    await clock.advance(0);
    expect(sink.arrived).toEqual(idsFrom(0, 17));
  });

  test('the cursor passes only what is settled without a hole, whoever ends first', async () => {
    const spool = new InMemorySpool(['d']);
    spool.commit(someRecords(0, 40));
    const answers: ((outcome: WriteOutcome) => void)[] = [];
    const sink = new ScriptedSink(
      () =>
        new Promise((resolve) => {
          answers.push(resolve);
        }),
      { maxInFlight: 3 },
    );
    const { clock } = start(sink, spool);
    await clock.advance(0);
    expect(sink.batches).toHaveLength(3);
    answers[1]?.(delivered);
    answers[2]?.(delivered);
    await clock.advance(0);
    expect(await spool.position('d')).toEqual({ offset: 1, index: 0 });
    answers[0]?.(delivered);
    await clock.advance(0);
    expect(await spool.position('d')).toEqual({ offset: 1, index: 30 });
    expect(sink.mostInFlight).toBe(3);
    answers[3]?.(delivered);
    await clock.advance(0);
    expect(await spool.position('d')).toEqual({ offset: 2, index: 0 });
  });

  test('a destination that does not answer holds up no other', async () => {
    const spool = new InMemorySpool(['d', 'other']);
    spool.commit(someRecords(0, 20));
    start(new ScriptedSink((_batch, _attempt, signal) => noAnswer(signal)), spool);
    const healthy = new ScriptedSink();
    const { delivery } = start(healthy, spool, { destination: 'other' });
    expect(await delivery.drain(never())).toEqual({ drained: true });
    expect(healthy.arrived).toEqual(idsFrom(0, 20));
  });

  test('a destination that is down does not fill the memory', async () => {
    const spool = new InMemorySpool(['d']);
    for (let entry = 0; entry < 200; entry++) spool.commit(someRecords(entry, 1, 'x'.repeat(400_000)));
    const { clock } = start(new ScriptedSink(() => refused), spool);
    await clock.advance(60_000);
    const entries = spool.reads.reduce((sum, [, count]) => sum + count, 0);
    expect(entries * 400_000).toBeLessThan(12_000_000);
  });
});

describe('trying again', () => {
  test('the batch keeps its id and its records until it gets through, and each failure is counted by its reason', async () => {
    const spool = new InMemorySpool(['d']);
    spool.commit(someRecords(0, 4));
    const sink = new ScriptedSink((_batch, attempt) => (attempt <= 20 ? refused : delivered));
    const { clock, delivery, counts } = start(sink, spool);
    await clock.advance(1);
    spool.commit(someRecords(4, 4));
    expect(delivery.status().state).toMatchObject({ kind: 'retrying', reason: 'refused', attempt: 1 });
    await clock.advance(20 * 30_000);
    expect(new Set(sink.batches.slice(0, 21).map(({ id }) => id)).size).toBe(1);
    expect(sink.arrived).toEqual(idsFrom(0, 8));
    expect(counts.get('logferry_delivery_retries_total d refused')).toBe(20);
    const status = delivery.status();
    expect(status).toMatchObject({ state: { kind: 'idle' }, retries: 20, delivered: 8 });
    expect(status.lastError).toMatchObject({ reason: 'refused', detail: 'nobody there' });
    expect(status.lastError?.fix).toContain('9529');
  });

  test('comes back when the server asks, but no later than the cap', async () => {
    const spool = new InMemorySpool(['d']);
    spool.commit(someRecords(0, 1));
    const asked = [7_000, 86_400_000];
    const sink = new ScriptedSink((_batch, attempt): WriteOutcome => {
      const afterMillis = asked[attempt - 1];
      return afterMillis === undefined ? delivered : { ...refused, afterMillis };
    });
    const { clock, delivery } = start(sink, spool, { maxServerDelayMillis: 60_000 });
    await clock.advance(6_999);
    expect(sink.batches).toHaveLength(1);
    await clock.advance(1);
    expect(sink.batches).toHaveLength(2);
    expect(delivery.status().state).toMatchObject({ nextAttemptAtMillis: clock.now() + 60_000 });
    await clock.advance(60_000);
    expect(sink.arrived).toEqual(['r0']);
  });

  test('while the destination is down, one write at a time tries', async () => {
    const spool = new InMemorySpool(['d']);
    spool.commit(someRecords(0, 100));
    let up = false;
    const sink = new ScriptedSink(() => (up ? delivered : refused), { maxInFlight: 4 });
    const { clock } = start(sink, spool);
    await clock.advance(0);
    expect(sink.batches).toHaveLength(4);
    await clock.advance(10_000);
    const tries = sink.batches.slice(4).map(({ id }) => id);
    expect(new Set(tries).size).toBe(1);
    up = true;
    await clock.advance(60_000);
    expect(sink.arrived.toSorted(byNumber)).toEqual(idsFrom(0, 100));
  });

  test('a write without an answer is aborted after its time and sent again as a redelivery', async () => {
    const spool = new InMemorySpool(['d']);
    const sink = new ScriptedSink(
      (_batch, attempt, signal) => (attempt === 1 ? noAnswer(signal) : delivered),
      {
        timeoutMillis: 5000,
      },
    );
    const { clock, counts } = start(sink, spool);
    await clock.advance(0);
    spool.commit(someRecords(0, 1));
    await clock.advance(5000);
    expect(counts.get('logferry_delivery_retries_total d timeout')).toBe(1);
    await clock.advance(500);
    expect(sink.batches.map(({ redelivery }) => redelivery)).toEqual([false, true]);
    expect(sink.arrived).toEqual(['r0']);
  });

  test('a failure that surely did not arrive makes no redelivery; one that may have does', async () => {
    const spool = new InMemorySpool(['d']);
    const outcomes = [refused, unclear, refused, delivered];
    const sink = new ScriptedSink((_batch, attempt) => outcomes[attempt - 1] ?? delivered);
    const { clock } = start(sink, spool);
    await clock.advance(0);
    spool.commit(someRecords(0, 1));
    await clock.advance(60_000);
    expect(sink.batches.map(({ redelivery }) => redelivery)).toEqual([false, false, true, true]);
  });

  test('a sink that throws is a defect, and costs nothing', async () => {
    const spool = new InMemorySpool(['d']);
    spool.commit(someRecords(0, 1));
    const sink = new ScriptedSink((_batch, attempt) => {
      if (attempt === 1) throw new TypeError('undefined is no function');
      return delivered;
    });
    const { clock, counts } = start(sink, spool);
    await clock.advance(1000);
    expect(sink.arrived).toEqual(['r0']);
    expect(counts.get('logferry_delivery_retries_total d internal')).toBe(1);
  });
});

describe('what is not accepted', () => {
  test('a partial outcome makes dead letters of the named records, and of no others', async () => {
    const spool = new InMemorySpool(['d']);
    spool.commit(someRecords(0, 5));
    const item = { index: 3, reason: 'too_old', detail: 'older than 14 days' };
    const { delivery, counts } = start(
      new ScriptedSink(() => ({ kind: 'partial', rejected: [item] })),
      spool,
    );
    await delivery.drain(never());
    const letters = await spool.deadLetters('d');
    expect(letters.map(({ record, reason }) => [record?.id, reason])).toEqual([['r3', 'too_old']]);
    expect(delivery.status()).toMatchObject({ delivered: 4, deadLetters: 1 });
    expect(counts.get('logferry_dead_letters_total d too_old')).toBe(1);
  });

  test('a rejected batch is divided until the record at fault stands alone; its neighbours are delivered in order', async () => {
    const spool = new InMemorySpool(['d']);
    for (let entry = 0; entry < 4; entry++) spool.commit(someRecords(entry * 256, 256));
    const sink = new ScriptedSink(
      ({ records }) => (records.some(({ id }) => id === 'r700') ? rejected : delivered),
      { maxRecords: 1024 },
    );
    const { delivery, counts } = start(sink, spool);
    await delivery.drain(never());
    expect(sink.arrived).toEqual(idsFrom(0, 1024).filter((id) => id !== 'r700'));
    expect((await spool.deadLetters('d')).map(({ record }) => record?.id)).toEqual(['r700']);
    expect(sink.batches.length).toBeLessThanOrEqual(1 + 2 * Math.log2(1024));
    expect(await spool.position('d')).toEqual({ offset: 5, index: 0 });
    expect(counts.get('logferry_delivered_records_total d')).toBe(1023);
  });

  test('a batch of nothing but bad records ends, all of them dead letters', async () => {
    const spool = new InMemorySpool(['d']);
    spool.commit(someRecords(0, 9));
    const { delivery } = start(new ScriptedSink(() => rejected, { maxInFlight: 3 }), spool);
    await delivery.drain(never());
    expect((await spool.deadLetters('d')).map(({ record }) => record?.id)).toEqual(idsFrom(0, 9));
  });
});

const byNumber = (a: string, b: string) => Number(a.slice(1)) - Number(b.slice(1));
