import { describe, expect, test } from 'vitest';
import { FakeClock } from '../foundation/fake-clock.ts';
import { ServiceClock } from './service-clock.ts';

const LOCAL = Date.UTC(2026, 10, 23, 12);
const HOUR = 3_600_000;
/** The local clock is two hours ahead. */
const SERVICE = LOCAL - 2 * HOUR;

function setUp() {
  const clock = new FakeClock(LOCAL);
  const serviceClock = new ServiceClock(clock);
  const told = (serverMillis: number) => {
    serviceClock.observe(serverMillis);
    serviceClock.observe(serverMillis);
  };
  return { clock, serviceClock, told };
}

test('before the first reply it is the local time, and not known', () => {
  const { serviceClock } = setUp();
  expect([serviceClock.isKnown, serviceClock.now()]).toEqual([false, LOCAL]);
});

test('after a reply it is the time of the service, after two it is known; it goes on by what passes', async () => {
  const { clock, serviceClock } = setUp();
  serviceClock.observe(SERVICE);
  await clock.advance(90.7);
  expect([serviceClock.isKnown, serviceClock.now()]).toEqual([false, SERVICE + 90]);
  serviceClock.observe(SERVICE + 90);
  expect([serviceClock.isKnown, serviceClock.now()]).toEqual([true, SERVICE + 90]);
});

test('it lies between the earlier of two replies and the later one with the second that a Date does not tell', async () => {
  const { clock, serviceClock } = setUp();
  serviceClock.observe(SERVICE);
  await clock.advance(1000);
  serviceClock.observe(SERVICE + 5000);
  expect([serviceClock.now(), serviceClock.latest()]).toEqual([SERVICE + 1000, SERVICE + 6000]);
});

describe.each([
  ['set forward by three days', 72 * HOUR],
  ['set back by three days', -72 * HOUR],
  ['set forward by two seconds', 2000],
])('the local clock is %s', (_name, byMillis) => {
  test('the time of the service stays, but is no longer known until the next replies', async () => {
    const { clock, serviceClock, told } = setUp();
    told(SERVICE);
    await clock.advance(10_000);
    clock.setWallClock(clock.now() + byMillis);
    expect([serviceClock.isKnown, serviceClock.now()]).toEqual([false, SERVICE + 10_000]);
    told(SERVICE + 10_000);
    await clock.advance(5000);
    expect([serviceClock.isKnown, serviceClock.now()]).toEqual([true, SERVICE + 15_000]);
  });
});

test('a clock that is slewed by less than a second stays known', async () => {
  const { clock, serviceClock, told } = setUp();
  told(SERVICE);
  await clock.advance(HOUR);
  clock.setWallClock(clock.now() - 900);
  expect([serviceClock.isKnown, serviceClock.now()]).toEqual([true, SERVICE + HOUR]);
});

test('after the machine slept it is not known, and the first reply sets it right at once', () => {
  const { clock, serviceClock, told } = setUp();
  told(SERVICE);
  // A sleep moves the wall clock alone.
  clock.setWallClock(LOCAL + 8 * HOUR);
  expect(serviceClock.isKnown).toBe(false);
  serviceClock.observe(SERVICE + 8 * HOUR);
  expect(serviceClock.now()).toBe(SERVICE + 8 * HOUR);
  serviceClock.observe(SERVICE + 8 * HOUR);
  expect(serviceClock.isKnown).toBe(true);
});

test('one reply that is dated ahead changes nothing; a service that goes on saying so is believed', () => {
  const { serviceClock } = setUp();
  serviceClock.observe(SERVICE);
  serviceClock.observe(SERVICE + 3 * HOUR);
  expect(serviceClock.now()).toBe(SERVICE);
  serviceClock.observe(SERVICE);
  expect(serviceClock.now()).toBe(SERVICE);
  serviceClock.observe(SERVICE + 3 * HOUR);
  serviceClock.observe(SERVICE + 3 * HOUR);
  expect(serviceClock.now()).toBe(SERVICE + 3 * HOUR);
});

test('a reply that is dated back is believed at once: too early a time does no harm', () => {
  const { serviceClock } = setUp();
  serviceClock.observe(SERVICE);
  serviceClock.observe(SERVICE - HOUR);
  expect(serviceClock.now()).toBe(SERVICE - HOUR);
});
