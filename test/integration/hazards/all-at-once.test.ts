/**
 * Everything that CloudWatch Logs, its groups, the machine's clocks and the state store may do, mixed at random under
 * seeds; a naive model judges. HAZARD_SEEDS says how many, HAZARD_FIRST which is the first: a failure names its seed, and
 * `HAZARD_FIRST=<seed> HAZARD_SEEDS=1` plays it alone.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { systemClock } from '../../../src/foundation/clock.ts';
import { silentLogger } from '../../../src/foundation/logger.ts';
import { openSqliteState } from '../../../src/state/sqlite/open-sqlite-state.ts';
import { judge } from './all-at-once/judge.ts';
import { play } from './all-at-once/play.ts';
import { weatherOf } from './all-at-once/weather.ts';

const FIRST = Number(process.env['HAZARD_FIRST'] ?? 1);
const SEEDS = Number(process.env['HAZARD_SEEDS'] ?? 500);
const SEEDS_ON_DISK = Math.min(SEEDS, 6);
const MILLIS_A_SEED = 10_000;

/** Plays seeds one after the other, and tells of the first that goes wrong. */
async function playAll(first: number, seeds: number, run: (seed: number) => ReturnType<typeof play>) {
  const sum = { shown: 0, committed: 0, inGaps: 0, requests: 0, kills: 0, mishaps: 0 };
  for (let seed = first; seed < first + seeds; seed++) {
    const remains = await run(seed);
    const { complaints, shown, committed, inGaps } = judge(remains);
    if (complaints.length > 0) {
      const alone = `HAZARD_FIRST=${seed} HAZARD_SEEDS=1`;
      throw new Error([`Seed ${seed} (alone: ${alone}):`, ...complaints.slice(0, 5)].join('\n'));
    }
    sum.shown += shown;
    sum.committed += committed;
    sum.inGaps += inGaps;
    sum.requests += remains.requests;
    sum.kills += remains.kills;
    sum.mishaps += remains.mishaps;
  }
  return sum;
}

test(
  `all hazards at once, over ${SEEDS} seeds: each event that was shown in time is committed once, or lies in a gap`,
  async () => {
    const sum = await playAll(FIRST, SEEDS, (seed) => play(weatherOf(seed)));
    console.log(`${SEEDS} seeds from ${FIRST} on: ${JSON.stringify(sum)}, nothing lost, nothing twice`);
    if (SEEDS < 100) return;
    // It was worth looking: each of them is there in every hundred seeds.
    for (const count of Object.values(sum)) expect(count).toBeGreaterThan(SEEDS / 10);
  },
  60_000 + SEEDS * MILLIS_A_SEED,
);

test(
  `the same on a state store of SQLite, which is opened again after each kill, over ${SEEDS_ON_DISK} seeds`,
  async () => {
    const dir = mkdtempSync(join(tmpdir(), 'logferry-all-at-once-'));
    const open = async (seed: number) =>
      await openSqliteState({
        dir: join(dir, String(seed)),
        clock: systemClock,
        logger: silentLogger,
        maxSpoolBytes: 1024 ** 3,
        owner: 'all-at-once',
      });
    try {
      const sum = await playAll(FIRST, SEEDS_ON_DISK, (seed) => play(weatherOf(seed), () => open(seed)));
      expect(sum.committed).toBeGreaterThan(0);
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  },
  60_000 + SEEDS_ON_DISK * MILLIS_A_SEED,
);
