/**
 * The store against the model of state-store-commands.ts: random commits, readings, acknowledgements, changes of the
 * consumers and openings, each compared at once.
 */
import fc from 'fast-check';
import { test } from 'vitest';
import { DiscardDeadLetters, RenewDeadLetters } from './dead-letter-commands.ts';
import {
  Acknowledge,
  CONSUMERS,
  type Command,
  CommitSome,
  Compare,
  Forget,
  KEYS,
  Model,
  REASONS,
  Read,
  Reopen,
  SetConsumers,
  TOPICS,
} from './state-store-commands.ts';
import { type MakeHarness, OpenStore } from './state-store-harness.ts';

const consumer = fc.constantFrom(...CONSUMERS);
const topics = fc.subarray(TOPICS);
const small = fc.nat({ max: 4 });
const wanted = fc.uniqueArray(fc.record({ id: consumer, topics }), {
  selector: ({ id }) => id,
  maxLength: 3,
});

const commands = [
  fc
    .tuple(
      fc.constantFrom(...KEYS),
      fc.array(fc.constantFrom(...TOPICS), { maxLength: 5 }),
      small,
      fc.integer({ min: 0, max: 9 }).map((one) => one === 0),
      fc.array(small, { maxLength: 4 }),
      fc.option(fc.nat({ max: 3 }), { nil: undefined, freq: 4 }),
    )
    .map((parts): Command => new CommitSome(...parts)),
  fc.tuple(consumer, small, small, fc.nat({ max: 2 })).map((parts): Command => new Acknowledge(...parts)),
  fc.tuple(consumer, small, fc.integer({ min: 1, max: 1500 })).map((parts): Command => new Read(...parts)),
  fc
    .tuple(consumer, small, fc.constantFrom(...REASONS))
    .map((parts): Command => new RenewDeadLetters(...parts)),
  fc
    .tuple(consumer, small, fc.constantFrom(...REASONS))
    .map((parts): Command => new DiscardDeadLetters(...parts)),
  wanted.map((one): Command => new SetConsumers(one)),
  fc.constantFrom(...KEYS).map((key): Command => new Forget(key)),
  fc.constant<Command>(new Reopen()),
  fc.constant<Command>(new Compare()),
];

export function stateStoreModelSuite(make: MakeHarness): void {
  // oxlint-disable-next-line vitest/expect-expect -- each command expects
  test('agree after whatever was done to both', { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.commands(commands, { size: '+1', maxCommands: 60 }), async (some) => {
        const real = await OpenStore.make(make);
        try {
          const model = new Model();
          await new SetConsumers([{ id: 'x', topics: TOPICS }]).run(model, real);
          await fc.asyncModelRun(() => ({ model, real }), some);
          await new Compare().run(model, real);
        } finally {
          await real.end();
        }
      }),
      { numRuns: 15 },
    );
  });
}
