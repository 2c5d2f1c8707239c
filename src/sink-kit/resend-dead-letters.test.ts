import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Metrics } from '../contracts/metrics.ts';
import type { WriteOutcome } from '../contracts/sink.ts';
import { FakeClock } from '../foundation/fake-clock.ts';
import { silentLogger } from '../foundation/logger.ts';
import { seededRandom } from '../foundation/random.ts';
import { type ResendSettings, resendDeadLetters } from './delivery/resend-dead-letters.ts';
import { InMemorySpool } from './testing/in-memory-spool.ts';
import { delivered, noAnswer, refused, rejected, ScriptedSink, unclear } from './testing/scripted-sink.ts';
import { idsFrom, someRecords } from './testing/some-records.ts';

const never = () => new AbortController().signal;

/** A spool whose destination `d` has so many dead letters, r0 and on. */
async function spoolWith(letters: number, reasonOf: (index: number) => string = () => 'bad_point') {
  const spool = new InMemorySpool(['d', 'other']);
  await keep(spool, 0, letters, reasonOf);
  return spool;
}

async function keep(
  spool: InMemorySpool,
  from: number,
  letters: number,
  reasonOf: (index: number) => string = () => 'bad_point',
): Promise<void> {
  const dead = someRecords(from, letters).map((record, index) => ({
    record,
    reason: reasonOf(index),
    detail: 'as it was said',
  }));
  await spool.acknowledge('d', { offset: 1, index: 0 }, dead);
}

function begin(
  sink: ScriptedSink,
  spool: InMemorySpool,
  more: Partial<ResendSettings> = {},
  signal = never(),
) {
  const clock = new FakeClock(1_700_000_000_000);
  const counts = new Map<string, number>();
  const metrics: Metrics = {
    count: (name, labels, by = 1) => {
      const key = [name, ...Object.values(labels)].join(' ');
      counts.set(key, (counts.get(key) ?? 0) + by);
    },
    set: () => {},
    observe: () => {},
  };
  const parts = { clock, metrics, random: seededRandom(1), logger: silentLogger };
  const settings = { destination: 'd', sink, spool, giveUpAfterAttempts: 4, ...parts, ...more };
  const result = resendDeadLetters(settings, signal);
  // A test looks at it once its clock has moved on.
  result.catch(() => {});
  return { clock, counts, result };
}

const keptIn = async (spool: InMemorySpool) =>
  (await spool.deadLetters('d')).map(({ record }) => record?.id ?? '');

describe('sending dead letters again', () => {
  test('goes oldest first, in batches of the sink’s size, and keeps none that was taken', async () => {
    const spool = await spoolWith(25);
    const sink = new ScriptedSink();
    const told: number[] = [];
    const { result, counts } = begin(sink, spool, { onProgress: ({ left }) => told.push(left) });
    expect(await result).toEqual({ kind: 'done', counts: { sent: 25, refused: 0, unreadable: 0, left: 0 } });
    expect(sink.batches.map(({ records }) => records.length)).toEqual([10, 10, 5]);
    expect(sink.arrived).toEqual(idsFrom(0, 25));
    expect(await keptIn(spool)).toEqual([]);
    expect(told).toEqual([25, 15, 5, 0]);
    expect(counts.get('logferry_delivered_records_total d')).toBe(25);
  });

  test('every batch says that it may have come before', async () => {
    const sink = new ScriptedSink();
    await begin(sink, await spoolWith(15)).result;
    expect(sink.batches.map(({ redelivery }) => redelivery)).toEqual([true, true]);
  });

  test('those of one reason leave the others alone', async () => {
    const spool = await spoolWith(6, (index) => (index % 2 === 0 ? 'too_old' : 'bad_point'));
    const sink = new ScriptedSink();
    const { result } = begin(sink, spool, { reason: 'too_old' });
    expect(await result).toEqual({ kind: 'done', counts: { sent: 3, refused: 0, unreadable: 0, left: 3 } });
    expect(sink.arrived).toEqual(['r0', 'r2', 'r4']);
    expect(await keptIn(spool)).toEqual(['r1', 'r3', 'r5']);
  });

  test('with none there is nothing to do', async () => {
    const sink = new ScriptedSink();
    const { result } = begin(sink, await spoolWith(0));
    expect(await result).toEqual({ kind: 'done', counts: { sent: 0, refused: 0, unreadable: 0, left: 0 } });
    expect(sink.batches).toEqual([]);
  });

  test('those that come meanwhile wait for the next time, so that it ends', async () => {
    const spool = await spoolWith(10);
    const sink = new ScriptedSink(async () => {
      await keep(spool, 10, 5);
      return delivered;
    });
    const { result } = begin(sink, spool);
    expect(await result).toMatchObject({ counts: { sent: 10, left: 5 } });
    expect(await keptIn(spool)).toEqual(idsFrom(10, 5));
  });
});

describe('refused again', () => {
  test('one stays with the new reason and detail; its neighbours go', async () => {
    const spool = await spoolWith(10);
    const script = ({ records }: { readonly records: readonly { readonly id: string }[] }): WriteOutcome =>
      records.some(({ id }) => id === 'r7')
        ? { kind: 'rejected', reason: 'too_large', detail: 'over the limit' }
        : delivered;
    const { result, counts } = begin(new ScriptedSink(script), spool);
    expect(await result).toEqual({ kind: 'done', counts: { sent: 9, refused: 1, unreadable: 0, left: 1 } });
    expect(await spool.deadLetters('d')).toMatchObject([
      { record: { id: 'r7' }, reason: 'too_large', detail: 'over the limit' },
    ]);
    // It was counted when it was refused first: it is no further dead letter.
    expect([...counts.keys()].filter((key) => key.startsWith('logferry_dead_letters_total'))).toEqual([]);
  });

  test('those that a partial outcome names stay', async () => {
    const spool = await spoolWith(10);
    const items = [2, 5].map((index) => ({ index, reason: 'too_old', detail: 'older than 14 days' }));
    const { result } = begin(new ScriptedSink(() => ({ kind: 'partial', rejected: items })), spool);
    expect(await result).toMatchObject({ counts: { sent: 8, refused: 2, unreadable: 0, left: 2 } });
    expect(await keptIn(spool)).toEqual(['r2', 'r5']);
    expect(await spool.deadLetterReasons('d')).toEqual(new Map([['too_old', 2]]));
  });

  test('when all are, each is tried once alone and no longer', async () => {
    const sink = new ScriptedSink(() => rejected);
    const { result } = begin(sink, await spoolWith(8));
    expect(await result).toMatchObject({ counts: { sent: 0, refused: 8, unreadable: 0, left: 8 } });
    expect(sink.batches).toHaveLength(15);
  });
});

describe('a destination that is down', () => {
  test('is given up after some attempts, with what it said and what to do; everything is kept', async () => {
    const spool = await spoolWith(25);
    const sink = new ScriptedSink(() => refused);
    const { result, clock } = begin(sink, spool);
    await clock.advance(60_000);
    const ended = await result;
    expect(ended).toMatchObject({
      kind: 'unreachable',
      counts: { sent: 0, refused: 0, left: 25 },
      detail: 'refused: nobody there',
      fix: expect.stringContaining('9529') as string,
    });
    expect(sink.batches).toHaveLength(4);
    expect(new Set(sink.batches.map(({ id }) => id)).size).toBe(1);
    expect(await keptIn(spool)).toEqual(idsFrom(0, 25));
  });

  test('for a moment only is waited for, as long as it asks', async () => {
    const answers: WriteOutcome[] = [{ ...refused, afterMillis: 7000 }, unclear, delivered];
    const sink = new ScriptedSink((_batch, attempt) => answers[attempt - 1] ?? delivered);
    const { result, clock } = begin(sink, await spoolWith(15));
    await clock.advance(6999);
    expect(sink.batches).toHaveLength(1);
    await clock.advance(30_000);
    expect(await result).toMatchObject({ kind: 'done', counts: { sent: 15 } });
  });

  test('after a part leaves the rest, and says how far it came', async () => {
    const spool = await spoolWith(25);
    const sink = new ScriptedSink((_batch, attempt) => (attempt <= 1 ? delivered : refused));
    const { result, clock } = begin(sink, spool);
    await clock.advance(60_000);
    expect(await result).toMatchObject({ kind: 'unreachable', counts: { sent: 10, left: 15 } });
    expect(await keptIn(spool)).toEqual(idsFrom(10, 15));
  });

  test('that does not answer is given up too', async () => {
    const sink = new ScriptedSink((_batch, _attempt, signal) => noAnswer(signal), { timeoutMillis: 1000 });
    const { result, clock } = begin(sink, await spoolWith(1));
    await clock.advance(60_000);
    expect(await result).toMatchObject({
      kind: 'unreachable',
      detail: expect.stringContaining('timeout') as string,
    });
  });
});

describe('broken off', () => {
  test('between the answer and the spool it sends the same again, under the same id', async () => {
    const spool = await spoolWith(15);
    const broken = new Proxy(spool, {
      get: (target, key) =>
        key === 'discardDeadLetters'
          ? () => Promise.reject(new Error('killed'))
          : (Reflect.get(target, key, target) as (() => unknown) | undefined)?.bind(target),
    });
    const first = new ScriptedSink();
    await expect(begin(first, broken).result).rejects.toThrow('killed');
    expect(first.arrived).toEqual(idsFrom(0, 10));
    expect(await keptIn(spool)).toEqual(idsFrom(0, 15));
    const second = new ScriptedSink();
    await begin(second, spool).result;
    expect(second.arrived).toEqual(idsFrom(0, 15));
    expect(second.batches[0]?.id).toBe(first.batches[0]?.id);
    expect(await keptIn(spool)).toEqual([]);
  });

  test('it lets the write under way end, and keeps what it took out of the next time', async () => {
    const spool = await spoolWith(25);
    const abort = new AbortController();
    let answer: (outcome: WriteOutcome) => void = () => {};
    const sink = new ScriptedSink(
      () =>
        new Promise((resolve) => {
          answer = resolve;
        }),
    );
    const { result, clock } = begin(sink, spool, {}, abort.signal);
    await clock.advance(0);
    abort.abort(new Error('enough'));
    await clock.advance(1000);
    answer(delivered);
    await expect(result).rejects.toThrow('enough');
    expect(sink.batches).toHaveLength(1);
    expect(await keptIn(spool)).toEqual(idsFrom(10, 15));
  });

  test('it does not wait for ever for a write that does not end', async () => {
    const spool = await spoolWith(5);
    const abort = new AbortController();
    const sink = new ScriptedSink((_batch, _attempt, signal) => noAnswer(signal));
    const { result, clock } = begin(sink, spool, {}, abort.signal);
    await clock.advance(0);
    abort.abort(new Error('enough'));
    await clock.advance(10_000);
    await expect(result).rejects.toThrow('enough');
    expect(await keptIn(spool)).toEqual(idsFrom(0, 5));
  });

  test('while it waits to try again it ends at once', async () => {
    const abort = new AbortController();
    const { result, clock } = begin(new ScriptedSink(() => refused), await spoolWith(1), {}, abort.signal);
    await clock.advance(1);
    abort.abort(new Error('enough'));
    await expect(result).rejects.toThrow('enough');
    expect(clock.sleeping).toBe(0);
  });
});

test('whatever the destination answers, each letter arrived or is still kept', async () => {
  const answer = fc.constantFrom<WriteOutcome>(
    delivered,
    refused,
    unclear,
    rejected,
    { kind: 'partial', rejected: [{ index: 0, reason: 'too_old', detail: '' }] },
    { kind: 'partial', rejected: [{ index: 3, reason: 'too_old', detail: '' }] },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(answer, { maxLength: 30 }), fc.nat({ max: 40 }), async (answers, letters) => {
      const spool = await spoolWith(letters);
      const sink = new ScriptedSink((_batch, attempt) => answers[attempt - 1] ?? delivered);
      const { result, clock } = begin(sink, spool);
      await clock.advance(600_000);
      const { counts } = await result;
      const kept = await keptIn(spool);
      expect([...sink.arrived, ...kept].toSorted()).toEqual(idsFrom(0, letters).toSorted());
      expect(counts).toMatchObject({ sent: sink.arrived.length, left: kept.length });
    }),
    { numRuns: 50 },
  );
});
