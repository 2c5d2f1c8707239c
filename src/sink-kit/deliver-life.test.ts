import * as fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import type { WriteOutcome } from '../contracts/sink.ts';
import { LogferryError } from '../foundation/logferry-error.ts';
import { InMemorySpool } from './testing/in-memory-spool.ts';
import { delivered, noAnswer, refused, rejected, ScriptedSink, unclear } from './testing/scripted-sink.ts';
import { idsFrom, someRecords } from './testing/some-records.ts';
import { TestDeliveries } from './testing/test-deliveries.ts';

const deliveries = new TestDeliveries();
const start = deliveries.start.bind(deliveries);
const never = () => new AbortController().signal;

afterEach(() => deliveries.stopAll());

describe('after a restart', () => {
  test('goes on at the cursor, and says of what may have been in flight that it is a redelivery', async () => {
    const spool = new InMemorySpool(['d']);
    spool.commit(someRecords(0, 15));
    await spool.acknowledge('d', { offset: 1, index: 10 }, []);
    const sink = new ScriptedSink();
    const { clock } = start(sink, spool);
    await clock.advance(0);
    spool.commit(someRecords(15, 3));
    await clock.advance(0);
    expect(sink.batches.map(({ records, redelivery }) => [records[0]?.id, redelivery])).toEqual([
      ['r10', true],
      ['r15', false],
    ]);
  });
});

describe('the spool', () => {
  test('that cannot be read for a while is asked again', async () => {
    const spool = new InMemorySpool(['d']);
    spool.commit(someRecords(0, 3));
    spool.failNext('read', 3);
    const sink = new ScriptedSink();
    const { clock, delivery } = start(sink, spool);
    await clock.advance(10_000);
    expect(sink.arrived).toEqual(idsFrom(0, 3));
    expect(delivery.status().lastError).toMatchObject({ reason: 'spool_read', detail: 'The disk is full.' });
  });

  test('that does not take an acknowledgement is told again, and nothing is sent twice', async () => {
    const spool = new InMemorySpool(['d']);
    spool.commit(someRecords(0, 30));
    spool.failNext('acknowledge', 3);
    const sink = new ScriptedSink();
    const { clock } = start(sink, spool);
    await clock.advance(10_000);
    expect(sink.arrived).toEqual(idsFrom(0, 30));
    expect(await spool.position('d')).toEqual({ offset: 2, index: 0 });
  });
});

describe('a spool that does not answer', () => {
  test('is not asked without a pause', async () => {
    const spool = new InMemorySpool(['d']);
    spool.commit(someRecords(0, 3));
    spool.failNext('acknowledge', 1_000_000);
    const { clock, delivery } = start(new ScriptedSink(), spool);
    await clock.advance(60_000);
    expect(spool.acknowledgements).toBeGreaterThan(3);
    expect(spool.acknowledgements).toBeLessThan(30);
    await delivery.stop();
  });
});

describe('draining', () => {
  test('does not linger, and does not wait for topics of others', async () => {
    const spool = new InMemorySpool(['d']);
    await spool.setConsumers([{ id: 'd', topics: ['mine'] }]);
    spool.commit(someRecords(0, 3), 'mine');
    spool.commit(someRecords(3, 3), 'not mine');
    const sink = new ScriptedSink(undefined, { lingerMillis: 60_000 });
    const { delivery } = start(sink, spool);
    expect(await delivery.drain(never())).toEqual({ drained: true });
    expect(sink.arrived).toEqual(idsFrom(0, 3));
  });

  test('says what is left when it is aborted', async () => {
    const spool = new InMemorySpool(['d']);
    spool.commit(someRecords(0, 3));
    const { clock, delivery } = start(new ScriptedSink(() => refused), spool);
    const abort = new AbortController();
    const drained = delivery.drain(abort.signal);
    await clock.advance(10_000);
    abort.abort();
    expect(await drained).toEqual({
      drained: false,
      reason: 'aborted',
      detail: 'refused: nobody there',
      waitingRecords: 3,
    });
  });

  test('gives up after the attempts it was given', async () => {
    const spool = new InMemorySpool(['d']);
    spool.commit(someRecords(0, 3));
    const sink = new ScriptedSink(() => refused);
    const { clock, delivery } = start(sink, spool);
    const drained = delivery.drain(never(), { giveUpAfterAttempts: 3 });
    await clock.advance(60_000);
    expect(await drained).toMatchObject({ drained: false, reason: 'unreachable', waitingRecords: 3 });
  });

  test('ends with the reason when the sink can never work', async () => {
    const spool = new InMemorySpool(['d']);
    spool.commit(someRecords(0, 3));
    const sink = new ScriptedSink();
    sink.openError = new LogferryError('DESTINATION_DENIED', 'Wrong token.', { hint: 'Correct the token.' });
    const { delivery } = start(sink, spool);
    expect(await delivery.drain(never())).toMatchObject({
      drained: false,
      reason: 'failed',
      detail: 'DESTINATION_DENIED: Wrong token.',
    });
    expect(delivery.status().lastError?.fix).toBe('Correct the token.');
  });
});

describe('stopping', () => {
  test('lets the write under way end, acknowledges it, closes the sink once, and may be called again', async () => {
    const spool = new InMemorySpool(['d']);
    spool.commit(someRecords(0, 20));
    let answer: ((outcome: WriteOutcome) => void) | undefined;
    const sink = new ScriptedSink(
      () =>
        new Promise((resolve) => {
          answer = resolve;
        }),
    );
    const { clock, delivery } = start(sink, spool);
    await clock.advance(0);
    const stopped = Promise.all([delivery.stop(), delivery.stop()]);
    answer?.(delivered);
    await stopped;
    expect(sink.batches).toHaveLength(1);
    expect(await spool.position('d')).toEqual({ offset: 1, index: 10 });
    expect(sink.closed).toBe(1);
    expect(delivery.status().state).toEqual({ kind: 'stopped' });
    expect(await delivery.drain(never())).toMatchObject({ drained: false, reason: 'stopped' });
  });

  test('aborts a write that does not end in time, and leaves its records in the spool', async () => {
    const spool = new InMemorySpool(['d']);
    spool.commit(someRecords(0, 5));
    const sink = new ScriptedSink((_batch, _attempt, signal) => noAnswer(signal));
    const { clock, delivery } = start(sink, spool);
    await clock.advance(0);
    const stopped = delivery.stop(1000);
    await clock.advance(1000);
    await stopped;
    expect(await spool.position('d')).toEqual({ offset: 1, index: 0 });
    expect(sink.closed).toBe(1);
  });

  test('does not wait for the next try', async () => {
    const spool = new InMemorySpool(['d']);
    spool.commit(someRecords(0, 5));
    const sink = new ScriptedSink(() => ({ ...refused, afterMillis: 200_000 }));
    const { clock, delivery } = start(sink, spool);
    await clock.advance(0);
    expect(delivery.status().state.kind).toBe('retrying');
    await delivery.stop();
    expect(sink.batches).toHaveLength(1);
    expect(sink.closed).toBe(1);
  });

  test('before anything began is fine', async () => {
    const sink = new ScriptedSink();
    const { delivery } = start(sink, new InMemorySpool(['d']));
    await delivery.stop();
    expect(sink.closed).toBe(1);
  });
});

test('whatever the outcomes, each record arrives or becomes a dead letter, and the cursor comes to the end', async () => {
  const answers = {
    delivered: () => delivered,
    refused: () => refused,
    unclear: () => unclear,
    rejected: () => rejected,
    partial: (): WriteOutcome => ({ kind: 'partial', rejected: [{ index: 0, reason: 'x', detail: '' }] }),
    throws: (): WriteOutcome => {
      throw new Error('defect');
    },
  };
  const outcome = fc.constantFrom(...(Object.keys(answers) as (keyof typeof answers)[]));
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 0, max: 12 }), { maxLength: 12 }),
      fc.array(outcome, { maxLength: 40 }),
      fc.integer({ min: 1, max: 4 }),
      async (sizes, outcomes, maxInFlight) => {
        const spool = new InMemorySpool(['d']);
        let total = 0;
        for (const size of sizes) {
          spool.commit(someRecords(total, size));
          total += size;
        }
        const sink = new ScriptedSink((_batch, attempt) => answers[outcomes[attempt - 1] ?? 'delivered'](), {
          maxInFlight,
          maxRecords: 5,
        });
        const { clock, delivery } = start(sink, spool);
        const drained = delivery.drain(never());
        for (let turn = 0; turn < 60 && delivery.status().state.kind !== 'idle'; turn++)
          await clock.advance(60_000);
        expect(await drained).toEqual({ drained: true });
        await delivery.stop(0);
        const dead = (await spool.deadLetters('d')).map(({ record }) => record?.id ?? '');
        expect([...sink.arrived, ...dead].toSorted(byNumber)).toEqual(idsFrom(0, total));
        if (maxInFlight === 1) expect(sink.arrived).toEqual(sink.arrived.toSorted(byNumber));
        expect(await spool.position('d')).toEqual({ offset: sizes.length + 1, index: 0 });
      },
    ),
    { numRuns: 60 },
  );
});

const byNumber = (a: string, b: string) => Number(a.slice(1)) - Number(b.slice(1));
