// oxlint-disable vitest/no-standalone-expect -- the commands are run inside the test of state-store-model-suite.ts
import { expect } from 'vitest';
import type { Command, Model } from './state-store-commands.ts';
import type { OpenStore } from './state-store-harness.ts';

/** The oldest of the consumer. */
export class RenewDeadLetters implements Command {
  readonly consumer: string;
  readonly letters: number;
  readonly reason: string;

  constructor(consumer: string, letters: number, reason: string) {
    this.consumer = consumer;
    this.letters = letters;
    this.reason = reason;
  }

  check = (model: Readonly<Model>) => model.consumers.has(this.consumer);

  async run(model: Model, { store }: OpenStore): Promise<void> {
    const page = { afterId: 0, limit: this.letters };
    const letters = await store.spool.deadLetters(this.consumer, page);
    const renewed = letters.map(({ id }) => ({ id, reason: this.reason, detail: `again ${this.reason}` }));
    await store.spool.renewDeadLetters(this.consumer, renewed);
    for (const one of model.consumer(this.consumer).dead.slice(0, this.letters)) one.reason = this.reason;
  }

  toString = () => `renew ${this.letters} of ${this.consumer} as ${this.reason}`;
}

/** The oldest of a reason. */
export class DiscardDeadLetters implements Command {
  readonly consumer: string;
  readonly letters: number;
  readonly reason: string;

  constructor(consumer: string, letters: number, reason: string) {
    this.consumer = consumer;
    this.letters = letters;
    this.reason = reason;
  }

  check = (model: Readonly<Model>) => model.consumers.has(this.consumer);

  async run(model: Model, { store }: OpenStore): Promise<void> {
    const consumer = model.consumer(this.consumer);
    const gone = new Set(consumer.dead.filter(({ reason }) => reason === this.reason).slice(0, this.letters));
    const choice = { reason: this.reason, limit: this.letters };
    const { records } = await store.spool.discardOldestDeadLetters(this.consumer, choice);
    expect(records).toBe(gone.size);
    consumer.dead = consumer.dead.filter((one) => !gone.has(one));
  }

  toString = () => `discard ${this.letters} of ${this.consumer} as ${this.reason}`;
}
