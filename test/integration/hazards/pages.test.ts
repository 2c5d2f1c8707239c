/** Hazards 3 to 7: pages, tokens, and what a millisecond holds. */
import { expect, test } from 'vitest';
import { lines, MINUTE, NOTHING_WRONG, SECOND, START, startHazardGround } from './testing/hazard-ground.ts';

const action = 'FilterLogEvents';

test('hazard 3: an empty page with a token is not the end', async () => {
  const ground = await startHazardGround({ source: { filter_pattern: 'ERROR' }, scannedEvents: 100 });
  // One of 250 matches: the service looks through hundreds and shows a page of none.
  const events = lines(2000, START - 5 * MINUTE, 100).map((event, n) =>
    n % 250 === 249 ? { ...event, message: `ERROR ${event.message}` } : event,
  );
  const ids = ground.put(events).filter((_, n) => n % 250 === 249);
  const empty = ground.endpoint.faults.add({ kind: 'empty-page', action, skip: 2, times: 5 });
  await ground.collect();
  expect(empty.hits).toBe(5);
  expect(ground.endpoint.requests.count(action)).toBeGreaterThanOrEqual(25);
  expect(ids).toHaveLength(8);
  expect(await ground.result(ids)).toEqual(NOTHING_WRONG);
});

test('hazard 4: a token that comes twice makes no progress', async () => {
  const ground = await startHazardGround();
  const ids = ground.put(lines(95, START - MINUTE, 100));
  const { faults } = ground.endpoint;
  faults.add({ kind: 'page-size', action, maxItems: 10 });
  const once = faults.add({ kind: 'repeat-page', action, skip: 4, times: 2 });
  await ground.collect();
  expect(once.hits).toBe(2);
  expect(await ground.result(ids)).toEqual(NOTHING_WRONG);

  // For ever: it is an error, not an endless loop, and nothing counts as read.
  const more = ground.put(lines(95, START + SECOND, 100));
  ground.pass(20 * SECOND);
  const { headMillis } = await ground.checkpoint();
  const forEver = faults.add({ kind: 'repeat-page', action, skip: 2 });
  await expect(ground.collect()).rejects.toMatchObject({ code: 'AWS_BAD_REPLY' });
  expect((await ground.checkpoint()).headMillis).toBe(headMillis);
  forEver.remove();
  await ground.collect();
  expect(await ground.result([...ids, ...more])).toEqual(NOTHING_WRONG);
});

test('hazard 5: a token expires in the middle of a slice', async () => {
  const ground = await startHazardGround();
  const ids = ground.put(lines(95, START - MINUTE, 100));
  const { faults } = ground.endpoint;
  faults.add({ kind: 'page-size', action, maxItems: 10 });
  const twice = faults.add({ kind: 'expired-token', action, skip: 3, times: 2 });
  const counts = await ground.collect();
  expect(twice.hits).toBe(2);
  // The slice was begun again, and what it had shown before was known.
  expect(counts.duplicate).toBeGreaterThan(0);
  expect(await ground.result(ids)).toEqual(NOTHING_WRONG);

  const more = ground.put(lines(95, START + SECOND, 100));
  ground.pass(20 * SECOND);
  const always = faults.add({ kind: 'expired-token', action, skip: 1 });
  await expect(ground.collect()).rejects.toMatchObject({ code: 'AWS_INVALID_REQUEST' });
  always.remove();
  await ground.collect();
  expect(await ground.result([...ids, ...more])).toEqual(NOTHING_WRONG);
});

test('hazard 6: events of one millisecond, parted by a page, by a poll and by when they are shown', async () => {
  const ground = await startHazardGround();
  const at = START - SECOND;
  const hiddenMillis = [0, 0, 5, 20, 45, 100, 600].map((seconds) => seconds * SECOND);
  const ids = hiddenMillis.flatMap((hidden) =>
    ground.put(lines(7, at, 0).map((event) => ({ ...event, visibleAtMillis: at + hidden }))),
  );
  ids.push(...ground.put(lines(5, at + 1, 0)));
  // A page ends inside of the millisecond.
  ground.endpoint.faults.add({ kind: 'page-size', action, maxItems: 5 });
  for (let poll = 0; poll < 80; poll++) {
    await ground.collect();
    ground.pass(10 * SECOND);
  }
  // Where a page holds so few, what is later than usual waits to be sealed.
  for (let poll = 0; poll < 12; poll++) {
    ground.pass(10 * MINUTE);
    await ground.collect();
  }
  expect(await ground.result(ids)).toEqual(NOTHING_WRONG);
});

test('hazard 7: a millisecond holds more events than a page', async () => {
  const ground = await startHazardGround();
  const at = START - MINUTE;
  const ids = ground.put([...lines(3, at - 1, 0), ...lines(25_000, at, 0), ...lines(3, at + 1, 0)]);
  const counts = await ground.collect();
  expect(counts.committed).toBe(25_006);
  expect(ground.endpoint.requests.count(action)).toBeGreaterThanOrEqual(3);
  expect(await ground.result(ids)).toEqual(NOTHING_WRONG);
});

test('hazard 7: a millisecond holds more pages than a slice may have, so slices shrink to one millisecond', async () => {
  const ground = await startHazardGround();
  const at = START - MINUTE;
  const ids = ground.put([...lines(50, at - 25, 1), ...lines(1500, at, 0)]);
  ground.endpoint.faults.add({ kind: 'page-size', action, maxItems: 20 });
  await ground.collect();
  const spans = ground.endpoint.requests.recent
    .map(({ parameters }) => Number(parameters.endTime) - Number(parameters.startTime))
    .filter((span) => !Number.isNaN(span));
  expect(Math.min(...spans)).toBe(0);
  expect(await ground.result(ids)).toEqual(NOTHING_WRONG);
});
