import { afterEach, expect, test } from 'vitest';
import { type Logger, silentLogger } from '../foundation/logger.ts';
import { resendDeadLetters } from './delivery/resend-dead-letters.ts';
import { InMemorySpool } from './testing/in-memory-spool.ts';
import { ScriptedSink } from './testing/scripted-sink.ts';
import { idsFrom, someRecords } from './testing/some-records.ts';
import { TestDeliveries } from './testing/test-deliveries.ts';

const deliveries = new TestDeliveries();
const never = () => new AbortController().signal;

afterEach(() => deliveries.stopAll());

/** Three entries of five records each; the second one is damaged. */
function damagedSpool(consumers: readonly string[] = ['d']): InMemorySpool {
  const spool = new InMemorySpool(consumers);
  for (let entry = 0; entry < 3; entry++) spool.commit(someRecords(entry * 5, 5));
  spool.damage(2);
  return spool;
}

test('a damaged entry of the spool is set aside, counted and said; delivery goes on behind it', async () => {
  const spool = damagedSpool();
  const sink = new ScriptedSink();
  const errors: string[] = [];
  const error = (details: object, message: string) => errors.push(`${message} ${JSON.stringify(details)}`);
  const logger: Logger = { ...silentLogger, error };
  const { delivery, counts } = deliveries.start(sink, spool, { logger });
  expect(await delivery.drain(never())).toEqual({ drained: true });
  expect(sink.arrived).toEqual([...idsFrom(0, 5), ...idsFrom(10, 5)]);
  expect(await spool.position('d')).toEqual({ offset: 4, index: 0 });
  expect(await spool.deadLetters('d')).toMatchObject([{ reason: 'damaged', records: 5, record: undefined }]);
  expect(delivery.status()).toMatchObject({ delivered: 10, deadLetters: 5, state: { kind: 'idle' } });
  expect(delivery.status().lastError).toMatchObject({
    reason: 'damaged',
    detail: expect.stringContaining('5 records') as string,
    fix: expect.stringContaining('--again') as string,
  });
  expect(counts.get('logferry_dead_letters_total d damaged')).toBe(5);
  expect(errors).toHaveLength(1);
  expect(errors[0]).toMatch(/^A damaged entry of the spool was set aside.*"offset":2.*"records":5/);
});

test('each destination sets it aside for itself', async () => {
  const spool = damagedSpool(['d', 'other']);
  for (const destination of ['d', 'other'])
    await deliveries.start(new ScriptedSink(), spool, { destination }).delivery.drain(never());
  expect(await spool.deadLetterReasons('d')).toEqual(new Map([['damaged', 5]]));
  expect(await spool.deadLetterReasons('other')).toEqual(new Map([['damaged', 5]]));
});

test('of an entry that was delivered in part before, only the rest counts', async () => {
  const spool = damagedSpool();
  await spool.acknowledge('d', { offset: 2, index: 3 }, []);
  const { delivery } = deliveries.start(new ScriptedSink(), spool);
  await delivery.drain(never());
  expect(delivery.status()).toMatchObject({ delivered: 5, deadLetters: 2 });
});

test('it cannot be sent again: that is said, and it stays', async () => {
  const spool = damagedSpool();
  const { delivery, clock } = deliveries.start(new ScriptedSink(), spool);
  await delivery.drain(never());
  const letters = someRecords(20, 3).map((record) => ({ record, reason: 'r', detail: '' }));
  await spool.acknowledge('d', { offset: 1, index: 0 }, letters);
  const sink = new ScriptedSink();
  const parts = { clock, random: { next: () => 0 }, logger: silentLogger };
  const metrics = { count: () => {}, set: () => {}, observe: () => {} };
  const settings = { ...parts, metrics, destination: 'd', sink, spool, giveUpAfterAttempts: 1 };
  expect(await resendDeadLetters(settings, never())).toEqual({
    kind: 'done',
    counts: { sent: 3, refused: 0, unreadable: 5, left: 5 },
  });
  expect(sink.arrived).toEqual(idsFrom(20, 3));
});
