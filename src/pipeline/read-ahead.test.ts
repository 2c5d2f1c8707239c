import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Page, Partition, Slice } from '../contracts/pull-source.ts';
import { readAhead } from './read-ahead.ts';
import { Semaphore } from './semaphore.ts';

const slices = Array.from(
  { length: 8 },
  (_, index): Slice => ({
    fromMillis: index * 10,
    toMillis: index * 10 + 9,
    priority: 'live',
  }),
);

/** Pages of a slice are its `fromMillis`, plus one each; counts what is under way. */
class Service implements Partition {
  readonly key = 'k';
  readonly title = 't';
  readonly started: number[] = [];
  pagesRead = 0;
  ended = 0;
  failAt: number | undefined;

  async *read(slice: Slice, signal: AbortSignal): AsyncGenerator<Page, void> {
    this.started.push(slice.fromMillis);
    try {
      for (let page = 0; page < 10; page++) {
        await turn();
        signal.throwIfAborted();
        if (this.failAt === slice.fromMillis && page === 1) throw new Error('reset');
        this.pagesRead++;
        yield { records: [], events: 0, serverMillis: slice.fromMillis + page };
      }
    } finally {
      this.ended++;
    }
  }
}

const signal = new AbortController().signal;
const noClock = { now: () => 0, latest: () => 0, observe: () => {} };

async function readAll(service: Service, slots: Semaphore, take = slices.length) {
  const read: number[][] = [];
  const started: number[] = [];
  let clock = 0;
  const serviceClock = { now: () => clock++, latest: () => clock, observe: () => {} };
  for await (const open of readAhead(service, slices, { serviceClock, slots }, signal)) {
    started.push(open.startedMillis);
    const pages: number[] = [];
    for await (const { serverMillis } of open.pages) pages.push(serverMillis);
    read.push(pages);
    if (read.length === take) break;
  }
  return { read, started };
}

const whole = slices.map(({ fromMillis }) => Array.from({ length: 10 }, (_, page) => fromMillis + page));

test.each([0, 1, 3, 100])('slices come whole and in order, with %i slots', async (size) => {
  const service = new Service();
  const slots = new Semaphore(size);
  expect((await readAll(service, slots)).read).toEqual(whole);
  expect(service.started.toSorted((a, b) => a - b)).toEqual(slices.map(({ fromMillis }) => fromMillis));
  for (let left = 0; left < size; left++) expect(slots.tryEnter()).toBe(true);
});

test('while one is taken, the next ones are read, each up to a bound', async () => {
  const service = new Service();
  const opened = readAhead(service, slices, { serviceClock: noClock, slots: new Semaphore(3) }, signal);
  const first = await opened.next();
  for (let turns = 0; turns < 50; turns++) await turn();
  // The one that is taken asks for its first page before the others do.
  expect(service.started).toEqual([0, 10, 20, 30]);
  expect(service.pagesRead).toBe(1 + 3 * 2);
  expect(first.done).toBe(false);
  await opened.return();
});

test('a slice tells when its own reading began, not when it was taken', async () => {
  const { started } = await readAll(new Service(), new Semaphore(100));
  expect(started[1]).toBeLessThanOrEqual(7);
  expect(started.every((at, index) => index === 0 || at > (started[index - 1] as number))).toBe(true);
});

test('the service clock is told of a reply when it comes, not when its page is taken', async () => {
  const told: number[] = [];
  const serviceClock = { now: () => 0, latest: () => 0, observe: (millis: number) => told.push(millis) };
  const opened = readAhead(
    new Service(),
    slices.slice(0, 2),
    { serviceClock, slots: new Semaphore(1) },
    signal,
  );
  await opened.next();
  for (let turns = 0; turns < 50; turns++) await turn();
  expect(told.toSorted((a, b) => a - b)).toEqual([0, 10, 11]);
  await opened.return();
});

test('returning early ends what was read ahead and gives the slots back', async () => {
  const service = new Service();
  const slots = new Semaphore(4);
  await readAll(service, slots, 2);
  for (let turns = 0; turns < 50; turns++) await turn();
  expect(service.ended).toBe(service.started.length);
  for (let left = 0; left < 4; left++) expect(slots.tryEnter()).toBe(true);
});

test('an error of a slice that was read ahead comes in its turn, behind its pages', async () => {
  const service = new Service();
  service.failAt = 20;
  const read: number[] = [];
  const reading = async () => {
    for await (const open of readAhead(
      service,
      slices,
      { serviceClock: noClock, slots: new Semaphore(4) },
      signal,
    ))
      for await (const { serverMillis } of open.pages) read.push(serverMillis);
  };
  await expect(reading()).rejects.toThrow('reset');
  expect(read.at(-1)).toBe(20);
  expect(read).toHaveLength(21);
});
