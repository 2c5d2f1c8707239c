import { expect, test } from 'vitest';
import { noMetrics } from '../contracts/metrics.ts';
import type { WriteOutcome } from '../contracts/sink.ts';
import { FakeClock } from '../foundation/fake-clock.ts';
import { silentLogger } from '../foundation/logger.ts';
import { seededRandom } from '../foundation/random.ts';
import { startDelivery } from '../sink-kit/deliver.ts';
import { resendDeadLetters } from '../sink-kit/delivery/resend-dead-letters.ts';
import { InMemorySpool } from '../sink-kit/testing/in-memory-spool.ts';
import { delivered, ScriptedSink } from '../sink-kit/testing/scripted-sink.ts';
import { idsFrom, someRecords } from '../sink-kit/testing/some-records.ts';
import { SharedSink } from './shared-sink.ts';

/** A delivery of 40 records and a sending of 20 dead letters through one sink whose writes take so long each. */
async function both(maxInFlight: number, writeMillis: number) {
  const clock = new FakeClock(0);
  const spool = new InMemorySpool(['d']);
  spool.commit(someRecords(0, 40));
  const letters = someRecords(40, 20).map((record) => ({ record, reason: 'r', detail: '' }));
  await spool.acknowledge('d', { offset: 1, index: 0 }, letters);
  const sink = new ScriptedSink(
    async (_batch, _attempt, signal): Promise<WriteOutcome> => {
      await clock.sleep(writeMillis, signal);
      return delivered;
    },
    { maxInFlight, timeoutMillis: 1000 },
  );
  const shared = new SharedSink(sink);
  const context = { clock, random: seededRandom(1), logger: silentLogger, metrics: noMetrics };
  const settings = { ...context, destination: 'd', sink: shared, turn: shared.turn, spool };
  const delivery = startDelivery(settings);
  const never = new AbortController().signal;
  const resending = shared
    .untilOpen(never)
    .then(() => resendDeadLetters({ ...settings, giveUpAfterAttempts: 4 }, never));
  return { clock, sink, delivery, resending };
}

test.for([1, 3])(
  'a delivery and a sending of dead letters write %i at once together',
  async (maxInFlight) => {
    const { clock, sink, delivery, resending } = await both(maxInFlight, 100);
    await clock.advance(10_000);
    expect(await resending).toMatchObject({ kind: 'done', counts: { sent: 20, left: 0 } });
    expect(sink.mostInFlight).toBe(maxInFlight);
    expect(sink.arrived.toSorted()).toEqual(idsFrom(0, 60).toSorted());
    await delivery.stop(0);
  },
);

test('waiting for the other takes nothing of the time that a write may take', async () => {
  const { clock, sink, delivery, resending } = await both(1, 900);
  await clock.advance(60_000);
  expect(await resending).toMatchObject({ kind: 'done', counts: { sent: 20 } });
  expect(delivery.status().retries).toBe(0);
  expect(sink.batches).toHaveLength(6);
  await delivery.stop(0);
});

test('a sink that cannot be opened tells whoever waits for it', async () => {
  const sink = new ScriptedSink();
  sink.openError = new Error('the folder is not writable');
  const shared = new SharedSink(sink);
  const waiting = shared.untilOpen(new AbortController().signal);
  await expect(shared.open(new AbortController().signal)).rejects.toThrow('not writable');
  await expect(waiting).rejects.toThrow('not writable');
});

test('waiting for it to open can be aborted', async () => {
  const abort = new AbortController();
  const waiting = new SharedSink(new ScriptedSink()).untilOpen(abort.signal);
  abort.abort(new Error('enough'));
  await expect(waiting).rejects.toThrow('enough');
});
