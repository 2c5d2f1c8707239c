/** Hazards 1, 2, 8 and 9: what the service shows of a range of time changes after it was read. */
import { expect, test } from 'vitest';
import {
  GROUP,
  HOUR,
  lines,
  MINUTE,
  NOTHING_WRONG,
  SECOND,
  START,
  startHazardGround,
} from './testing/hazard-ground.ts';

test('hazard 1: a window that was read goes on growing', async () => {
  const ground = await startHazardGround();
  // As one stream was seen: 375 events at first, 435, 475 and 495 in the end; and one after 50 minutes.
  const parts = [
    [375, 0],
    [60, 30 * SECOND],
    [40, 60 * SECOND],
    [20, 90 * SECOND],
    [1, 50 * MINUTE],
  ] as const;
  const ids = parts.flatMap(([size, hiddenMillis]) =>
    ground.put(
      lines(size, START - 30 * SECOND, 50).map((event) => ({
        ...event,
        ingestedMillis: START,
        visibleAtMillis: START + hiddenMillis,
      })),
    ),
  );
  expect((await ground.collect()).committed).toBe(375);
  for (let poll = 0; poll < 18; poll++) {
    ground.pass(10 * SECOND);
    await ground.collect();
  }
  expect(await ground.result(ids.slice(0, -1))).toEqual(NOTHING_WRONG);
  // Nothing is sealed that can still grow.
  expect((await ground.checkpoint()).watermarkMillis).toBeLessThanOrEqual(START);
  for (let poll = 0; poll < 12; poll++) {
    ground.pass(10 * MINUTE);
    await ground.collect();
  }
  expect(await ground.result(ids)).toEqual(NOTHING_WRONG);
  expect((await ground.checkpoint()).watermarkMillis).toBeGreaterThan(START);
});

test('hazard 2: events are dated up to two hours ahead', async () => {
  const ground = await startHazardGround();
  const ahead = lines(120, START + MINUTE, MINUTE - 1).map((event) => ({ ...event, ingestedMillis: START }));
  const ids = ground.put(ahead);
  expect((await ground.collect()).committed).toBe(120);
  // Their time comes, is read again and again, and is sealed.
  for (let poll = 0; poll < 20; poll++) {
    ground.pass(10 * MINUTE);
    ids.push(...ground.put(lines(3, ground.now() - SECOND, 100)));
    if (poll === 7) await ground.restart();
    await ground.collect();
  }
  expect(await ground.result(ids)).toEqual(NOTHING_WRONG);
  expect((await ground.checkpoint()).watermarkMillis).toBeGreaterThan(START + 2 * HOUR);
});

test('hazard 8: a producer that tries again writes true twins, which both count', async () => {
  const ground = await startHazardGround();
  const batch = lines(50, START - MINUTE, 10);
  const ids = [...ground.put(batch), ...ground.put(batch)];
  await ground.collect();
  ids.push(...ground.put(batch));
  ground.pass(10 * SECOND);
  await ground.collect();
  expect(new Set(ids).size).toBe(150);
  expect(await ground.result(ids)).toEqual(NOTHING_WRONG);
  expect(new Set(ground.written().map(({ message }) => message)).size).toBe(50);
});

test('hazard 9: the ids that were seen outlive a restart, however many they are, and go when they are sealed', async () => {
  const ground = await startHazardGround();
  // All of it lies ahead of the present, which each poll reads again.
  const ahead = lines(12_000, START + 30 * SECOND, 0).map((event) => ({ ...event, ingestedMillis: START }));
  const ids = ground.put(ahead);
  await ground.collect();
  for (let restart = 0; restart < 3; restart++) {
    await ground.restart();
    ground.pass(SECOND);
    expect((await ground.collect()).duplicate).toBe(12_000);
  }
  expect(await ground.result(ids)).toEqual(NOTHING_WRONG);
  expect(await ground.seenIds(GROUP)).toBe(12_000);
  for (let poll = 0; poll < 12; poll++) {
    ground.pass(10 * MINUTE);
    ids.push(...ground.put(lines(5, ground.now() - SECOND, 10)));
    await ground.collect();
  }
  expect(await ground.result(ids)).toEqual(NOTHING_WRONG);
  expect(await ground.seenIds(GROUP)).toBeLessThan(60);
});
