import { expect, test } from 'vitest';
import { endAtFullPage, loadBetween, loadOf, pageFillAfter } from './page-load.ts';

const cost = (...pageEvents: number[]) => ({ pageEvents, kept: pageEvents.reduce((a, b) => a + b) });
const known = (events: number) => ({ countBetween: () => events, newestSince: () => 0 });

test('how many events a page holds is learned from full pages alone', () => {
  expect(pageFillAfter({}, cost(50)).eventsPerPage).toBeUndefined();
  const learned = pageFillAfter({}, cost(4900, 5100, 1000));
  expect(learned.eventsPerPage).toBe(5000);
  expect(pageFillAfter(learned, cost(50)).eventsPerPage).toBe(5000);
  // Empty pages, and such that break off early, are not what a page can hold.
  expect(pageFillAfter(learned, cost(0, 40)).eventsPerPage).toBe(5000);
  expect(pageFillAfter(learned, cost(5, 0, 40)).eventsPerPage).toBe(5000);
  // Slowly: one page among the ten that are remembered.
  expect(pageFillAfter(learned, cost(7500, 500)).eventsPerPage).toBeCloseTo(5227, 0);
});

test('a load is counted in full pages, empty ones included', () => {
  expect(loadOf(cost(2500), { eventsPerPage: 5000 })).toBe(0.5);
  expect(loadOf(cost(5000, 5000, 1000), { eventsPerPage: 5000 })).toBe(2.2);
  expect(loadOf(cost(...Array<number>(50).fill(0)), {})).toBe(49);
});

test('the share that is kept is learned over about ten pages', () => {
  let fill = pageFillAfter({ eventsPerPage: 1000 }, { pageEvents: [1000, 1000], kept: 0 });
  expect(fill.keptShare).toBeCloseTo(10 / 12);
  for (let slice = 0; slice < 100; slice++)
    fill = pageFillAfter(fill, { pageEvents: [1000, 1000], kept: 200 });
  expect(fill.keptShare).toBeCloseTo(0.1);
});

test('what is known of a range is as much load as its events took to fetch, and never less than comes now', () => {
  const fill = { eventsPerPage: 5000, keptShare: 0.1, pagesPerSecond: 0.01 };
  expect(loadBetween(fill, known(1000), 0, 100_000)).toBe(2);
  expect(loadBetween(fill, known(0), 0, 100_000)).toBe(1);
});

test('a range ends where its pages are full', () => {
  expect(endAtFullPage(0, 1000, 0.5)).toBeUndefined();
  expect(endAtFullPage(0, 1000, 1.5)).toBe(Math.floor(970 / 1.5));
  expect(endAtFullPage(0, 1000, 6)).toBe(985);
  expect(endAtFullPage(0, 1000, 14)).toBe(Math.floor(11_820 / 14));
});
