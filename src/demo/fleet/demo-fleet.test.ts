import { assert, integer, property } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FakeClock } from '../../foundation/fake-clock.ts';
import { createAwsWorld } from '../world/create-aws-world.ts';
import { DemoFleet } from './demo-fleet.ts';
import { DEMO_TASK_GROUP } from './fleet-layout.ts';

const START = Date.UTC(2026, 10, 23, 10, 0, 0);
const MINUTE = 60_000;

function fleetOf(startMillis = START, seed = 7) {
  const world = createAwsWorld();
  const clock = new FakeClock(startMillis);
  return { world, clock, fleet: new DemoFleet({ world, clock, seed, startMillis }) };
}

function everything({ world, fleet }: ReturnType<typeof fleetOf>) {
  return fleet.logGroups.flatMap((group) => world.events(fleet.region, group));
}

describe('the demo fleet', () => {
  const filled = fleetOf();
  filled.fleet.backfill();
  filled.fleet.advance(START + 20 * MINUTE);
  const all = everything(filled);
  const between = (group: string, from: number, to: number) =>
    filled.world
      .events('us-east-1', group)
      .filter((event) => event.timestampMillis >= from && event.timestampMillis < to);

  test('is the same, byte for byte and id for id, in whatever steps it is advanced', () => {
    const other = fleetOf();
    let at = START - 119 * MINUTE;
    for (let step = 1; at < START + 20 * MINUTE; step++) {
      other.fleet.advance(at);
      at += (step * 7919) % 200_003;
    }
    other.fleet.advance(START + 20 * MINUTE);
    expect(JSON.stringify(everything(other))).toBe(JSON.stringify(all));
  });

  test('is another one under another seed', () => {
    const other = fleetOf(START, 8);
    other.fleet.advance(START - 119 * MINUTE);
    expect(everything(other)[0]?.stream).not.toBe(all[0]?.stream);
  });

  test('never goes back', () => {
    const other = fleetOf();
    other.fleet.advance(START - 100 * MINUTE);
    const before = everything(other).length;
    other.fleet.advance(START - 110 * MINUTE);
    expect(everything(other)).toHaveLength(before);
  });

  test('prints 5 to 20 lines a second in every minute of its two hours of history and on', () => {
    const counts = new Map<number, number>();
    for (const event of all) {
      const minute = Math.floor((event.timestampMillis - START) / MINUTE);
      counts.set(minute, (counts.get(minute) ?? 0) + 1);
    }
    const rates = Array.from({ length: 140 }, (_, index) => (counts.get(index - 120) ?? 0) / 60);
    expect(Math.min(...rates)).toBeGreaterThanOrEqual(5);
    expect(Math.max(...rates)).toBeLessThanOrEqual(20);
  });

  test('shows a small share of its events late, and no event before it was printed', () => {
    const lateness = all.map((event) => (event.ingestedMillis ?? Number.NaN) - event.timestampMillis);
    expect(lateness.every((millis) => millis >= 0 && millis <= 120_000)).toBe(true);
    const late = lateness.filter((millis) => millis >= 2000).length / lateness.length;
    expect(late).toBeGreaterThan(0.005);
    expect(late).toBeLessThan(0.05);
  });

  test('has exactly eight events of the demo task in any half-open minute, by event time and by what is visible', () => {
    const events = filled.world.events('us-east-1', DEMO_TASK_GROUP);
    assert(
      property(integer({ min: START - 119 * MINUTE, max: START + 20 * MINUTE }), (now) => {
        const shown = events.filter((event) => (event.visibleAtMillis ?? event.timestampMillis) <= now);
        expect(shown.filter((event) => event.timestampMillis > now - MINUTE)).toHaveLength(8);
        const before = events.filter((event) => event.timestampMillis >= now - MINUTE);
        expect(before.filter((event) => event.timestampMillis < now)).toHaveLength(8);
      }),
    );
  });

  test('has eight of them also where a minute begins or ends beside an event, and in a closed minute of whole seconds', () => {
    const times = filled.world
      .events('us-east-1', DEMO_TASK_GROUP)
      .map((event) => event.timestampMillis)
      .filter((at) => at > START - 30 * MINUTE);
    const countBetween = (from: number, to: number) => times.filter((at) => at >= from && at <= to).length;
    const ends = times.filter((at) => at > START - 29 * MINUTE && at <= START);
    const counts = ends.flatMap((at) => [
      ...[-1, 0, 1].map((beside) => countBetween(at + beside - MINUTE + 1, at + beside)),
      countBetween(Math.ceil(at / 1000) * 1000 - MINUTE, Math.ceil(at / 1000) * 1000),
    ]);
    expect(new Set(counts)).toEqual(new Set([8]));
  });

  test('tells again what a group should hold', () => {
    for (const group of filled.fleet.logGroups) {
      const from = START - 30 * MINUTE - 123;
      const to = START - 20 * MINUTE + 77;
      const held = between(group, from, to + 1);
      const plain = (events: readonly { stream: string; timestampMillis: number; message: string }[]) =>
        events.map((event) => `${event.timestampMillis} ${event.stream} ${event.message}`).sort();
      expect(held.length).toBeGreaterThan(50);
      expect(plain(filled.fleet.expectedEvents(group, from, to))).toEqual(plain(held));
    }
  });

  test('has an incident that can be found: errors, slow requests, stack traces and 502', () => {
    const window = [START - 24 * MINUTE, START - 20 * MINUTE] as const;
    const quiet = [START - 60 * MINUTE, START - 56 * MINUTE] as const;
    const count = (group: string, text: string, [from, to]: readonly [number, number]) =>
      between(group, from, to).filter((event) => event.message.includes(text)).length;
    for (const [group, text] of [
      ['/ecs/checkout-api', '"level":"error"'],
      ['/ecs/checkout-api', 'database pool exhausted'],
      ['/ecs/orders', 'Caused by: java.sql.SQLTransientConnectionException'],
      ['/ecs/web', '" 502 '],
      ['/ecs/worker', 'report daily-sales holds'],
    ] as const) {
      const counts = { text, duringIt: count(group, text, window) > 10, before: count(group, text, quiet) };
      expect(counts).toEqual({ text, duringIt: true, before: 0 });
    }
    const durations = (range: readonly [number, number]) =>
      between('/ecs/checkout-api', ...range).flatMap((event) => {
        const { dur } = event.message.startsWith('{') ? (JSON.parse(event.message) as { dur?: number }) : {};
        return dur === undefined ? [] : [dur];
      });
    const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(mean(durations(window))).toBeGreaterThan(10 * mean(durations(quiet)));
  });

  test('has an incident again while it runs', () => {
    const errors = between('/ecs/web', START + 13 * MINUTE, START + 17 * MINUTE).filter((event) =>
      event.message.includes('" 502 '),
    );
    expect(errors.length).toBeGreaterThan(10);
  });

  test('lets a trace id be followed from checkout-api to orders', () => {
    const order = between('/ecs/orders', START - MINUTE, START).find((event) =>
      event.message.includes('placed'),
    );
    const traceId = /trace ([0-9a-f]{32})/.exec(order?.message ?? '')?.[1] ?? 'none';
    const told = between('/ecs/checkout-api', START - MINUTE, START).filter((event) =>
      event.message.includes(traceId),
    );
    expect(told).toHaveLength(1);
  });

  test('prints the lines of a stack trace one event each, together and in order', () => {
    const events = between('/ecs/orders', START - 24 * MINUTE, START - 20 * MINUTE);
    const stream = events.find((event) => event.message.includes('CannotCreateTransaction'))?.stream;
    const own = events.filter((event) => event.stream === stream);
    const at = own.findIndex((event) => event.message.includes('CannotCreateTransaction'));
    expect(own[at - 1]?.message).toContain('ERROR');
    expect(own[at + 1]?.message).toMatch(/^\tat /);
    expect(new Set(own.slice(at - 1, at + 13).map((event) => event.timestampMillis)).size).toBe(1);
  });

  test('has colours, tracebacks, CJK and a log of nothing that goes through FireLens', () => {
    const messages = all.map((event) => event.message);
    expect(messages.some((message) => message.includes('\u001b[32mINFO'))).toBe(true);
    expect(messages).toContain('Traceback (most recent call last):');
    expect(messages.some((message) => message.includes('支付成功'))).toBe(true);
    expect(all.some((event) => event.stream.includes('/audit/'))).toBe(false);
  });

  test('runs by the clock until it is aborted, and is never behind it', async () => {
    const running = fleetOf();
    const abort = new AbortController();
    running.fleet.backfill();
    const run = running.fleet.run(abort.signal);
    for (let step = 0; step < 8; step++) {
      await running.clock.advance(MINUTE / 4 + 311);
      const now = running.clock.now();
      const shown = running.world
        .events('us-east-1', DEMO_TASK_GROUP)
        .filter((event) => event.timestampMillis > now - MINUTE && event.timestampMillis <= now);
      expect(shown).toHaveLength(8);
    }
    abort.abort();
    await run;
    expect(running.clock.sleeping).toBe(0);
  });

  test('tells a world that can forget to let go of what is older than a day', () => {
    const { world, clock } = fleetOf();
    const forgotten: string[] = [];
    const forgetting = Object.assign(Object.create(world) as typeof world, {
      accountId: world.accountId,
      partition: world.partition,
      createLogGroup: world.createLogGroup.bind(world),
      putEvents: world.putEvents.bind(world),
      putCluster: world.putCluster.bind(world),
      putTaskDefinition: world.putTaskDefinition.bind(world),
      putService: world.putService.bind(world),
      putTask: world.putTask.bind(world),
      forgetEvents: (_region: string, group: string, beforeMillis: number) =>
        forgotten.push(`${group} ${beforeMillis}`),
    });
    const fleet = new DemoFleet({ world: forgetting, clock, seed: 7, startMillis: START });
    fleet.advance(START + 9 * MINUTE);
    expect(forgotten).toEqual([]);
    fleet.advance(START + 10 * MINUTE);
    fleet.advance(START + 11 * MINUTE);
    expect(forgotten).toEqual(
      fleet.logGroups.map((group) => `${group} ${START + 10 * MINUTE - 24 * 60 * MINUTE}`),
    );
  });
});
