import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createAwsWorld } from './create-aws-world.ts';

const REGION = 'eu-west-1';

function worldWithGroup() {
  const world = createAwsWorld();
  world.createLogGroup({ region: REGION, name: '/app' });
  return world;
}

describe('the world', () => {
  test('keeps events by time whatever the order of putting, and the ids of putting stay theirs', () => {
    const batches = fc.array(
      fc.record({
        stream: fc.constantFrom('a', 'b'),
        times: fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 8 }),
        read: fc.boolean(),
      }),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(batches, (puts) => {
        const world = worldWithGroup();
        const messageOf = new Map<string, string>();
        let count = 0;
        for (const { stream, times, read } of puts) {
          const events = times.map((timestampMillis) => ({ timestampMillis, message: `m${count++}` }));
          const ids = world.putEvents(REGION, '/app', stream, events);
          ids.forEach((id, index) => messageOf.set(id, events[index]?.message ?? ''));
          if (read) world.events(REGION, '/app');
        }
        const kept = world.events(REGION, '/app');
        expect(messageOf.size).toBe(count);
        expect(kept).toHaveLength(count);
        for (const event of kept) expect(messageOf.get(event.id)).toBe(event.message);
        const order = kept.map((event) => event.timestampMillis);
        expect(order).toEqual([...order].sort((a, b) => a - b));
      }),
    );
  });

  test('makes ids of 56 digits that are the same in every run and begin as the service’s do', () => {
    const put = () => {
      const events = [{ timestampMillis: 1_656_992_795_000, message: 'x' }];
      return worldWithGroup().putEvents(REGION, '/app', 's', events)[0];
    };
    expect(put()).toMatch(/^3695\d{52}$/);
    expect(put()).toBe(put());
  });

  test('starts a group that was deleted empty, with other ids', () => {
    const world = worldWithGroup();
    const event = { timestampMillis: 1000, message: 'x' };
    const before = world.putEvents(REGION, '/app', 's', [event]);
    world.deleteLogGroup(REGION, '/app');
    world.createLogGroup({ region: REGION, name: '/app' });
    expect(world.events(REGION, '/app')).toEqual([]);
    expect(world.putEvents(REGION, '/app', 's', [event])).not.toEqual(before);
  });

  test('forgets what is before a time, and gives its ids to nobody', () => {
    const world = worldWithGroup();
    const at = (timestampMillis: number) => ({ timestampMillis, message: `at ${timestampMillis}` });
    const ids = world.putEvents(REGION, '/app', 'a', [at(1), at(2), at(3)]);
    world.putEvents(REGION, '/app', 'b', [at(1)]);
    world.forgetEvents(REGION, '/app', 3);
    expect(world.events(REGION, '/app').map((event) => event.message)).toEqual(['at 3']);
    const group = world.region(REGION)?.groups.get('/app');
    expect(group?.streams.values().map((stream) => stream.log.events.length)).toEqual([1, 0]);
    expect(group?.storedBytes).toBe(26 + 4);
    expect(ids).not.toContain(world.putEvents(REGION, '/app', 'a', [at(1)])[0]);
  });

  test('refuses a group that is there, a group that is not, and a time that is none', () => {
    const world = worldWithGroup();
    expect(() => world.createLogGroup({ region: REGION, name: '/app' })).toThrow(/already/);
    expect(() => world.putEvents(REGION, '/other', 's', [])).toThrow(/no log group/);
    const event = { timestampMillis: Number.NaN, message: 'x' };
    expect(() => world.putEvents(REGION, '/app', 's', [event])).toThrow(/whole milliseconds/);
  });
});
