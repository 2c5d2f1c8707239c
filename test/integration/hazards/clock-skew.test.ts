/** Hazard 14: the clock of Logferry's machine is wrong, or is set while it runs. */
import { expect, test } from 'vitest';
import {
  DAY,
  GROUP,
  HOUR,
  KEY,
  lines,
  MINUTE,
  NOTHING_WRONG,
  SECOND,
  START,
  startHazardGround,
} from './testing/hazard-ground.ts';

test.for([-72, -2, 2, 72])(
  'hazard 14: with a clock that is wrong by %d h reading begins where it should, and seals nothing too early, over a restart',
  async (hoursAhead) => {
    const ground = await startHazardGround({
      aheadMillis: hoursAhead * HOUR,
      groups: [{ name: GROUP, retentionDays: 1 }],
      credentials: [KEY],
    });
    ground.put(lines(5, START - 11 * MINUTE, 100));
    const ids = ground.put(lines(20, START - 9 * MINUTE, MINUTE / 4));
    await ground.collect();
    expect(await ground.result(ids)).toEqual(NOTHING_WRONG);

    for (let poll = 0; poll < 12; poll++) {
      if (poll % 4 === 2) await ground.restart();
      // In time, and late by nearly as much as is allowed.
      const late = { ingestedMillis: ground.now(), visibleAtMillis: ground.now() };
      ids.push(...ground.put(lines(3, ground.now() - SECOND, 10)));
      if (poll >= 5)
        ids.push(
          ...ground.put(lines(2, ground.now() - 50 * MINUTE, 10).map((event) => ({ ...event, ...late }))),
        );
      await ground.collect();
      ground.pass(10 * MINUTE);
    }
    for (let poll = 0; poll < 6; poll++) {
      await ground.collect();
      ground.pass(15 * MINUTE);
    }
    expect(await ground.result(ids)).toEqual(NOTHING_WRONG);
    expect((await ground.checkpoint()).gaps).toEqual([]);
    expect(Math.abs((await ground.checkpoint()).headMillis - ground.now())).toBeLessThan(16 * MINUTE);
  },
);

test('hazard 14: a clock that is set while Logferry runs, forward and back, moves nothing', async () => {
  const ground = await startHazardGround({ groups: [{ name: GROUP, retentionDays: 1 }] });
  const ids: string[] = [];
  for (const aheadMillis of [0, 2 * HOUR, 3 * DAY, -3 * DAY, -HOUR, 0]) {
    ground.clock.aheadMillis = aheadMillis;
    // What is late by 50 minutes must still be found afterwards.
    const late = { ingestedMillis: ground.now(), visibleAtMillis: ground.now() + 10 * SECOND };
    ids.push(...ground.put(lines(3, ground.now() - SECOND, 10)));
    if (ground.now() > START + 40 * MINUTE)
      ids.push(
        ...ground.put(lines(2, ground.now() - 50 * MINUTE, 10).map((event) => ({ ...event, ...late }))),
      );
    await ground.collect();
    ground.pass(15 * MINUTE);
  }
  for (let poll = 0; poll < 8; poll++) {
    await ground.collect();
    ground.pass(15 * MINUTE);
  }
  expect(await ground.result(ids)).toEqual(NOTHING_WRONG);
  expect((await ground.checkpoint()).gaps).toEqual([]);
});
