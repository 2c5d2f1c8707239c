import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Checkpoint } from '../../../src/contracts/checkpoint.ts';
import { systemClock } from '../../../src/foundation/clock.ts';
import { silentLogger } from '../../../src/foundation/logger.ts';
import type { CoverageReport } from '../../../src/pipeline/coverage/coverage-report.ts';
import { withGap } from '../../../src/source-kit/gaps.ts';
import { openSqliteState } from '../../../src/state/sqlite/open-sqlite-state.ts';
import { type CliGround, GROUP, startCliGround } from './testing/cli-ground.ts';

let ground: CliGround;
beforeAll(async () => {
  ground = await startCliGround();
  ground.write();
});
afterAll(() => ground.close());

/** As reading or an audit would have left it. */
async function changeCheckpoint(change: (checkpoint: Checkpoint) => Checkpoint): Promise<void> {
  const state = await openSqliteState({
    dir: `${ground.dir}/data`,
    clock: systemClock,
    logger: silentLogger,
    maxSpoolBytes: 2 ** 30,
    owner: 'test',
  });
  const [listed] = await state.list('logs|');
  if (listed === undefined) throw new Error('Nothing was read.');
  await state.commit({
    key: listed.key,
    expectedRevision: listed.revision,
    checkpoint: change(listed.checkpoint),
    transformStates: {},
    seenAdded: [],
    batches: [],
  });
  await state.close();
}

const reportOf = (stdout: string) => JSON.parse(stdout) as CoverageReport;

test('before anything was read there is nothing to show, and it says what would be first', async () => {
  const { code, stdout, stderr } = await ground.run(['coverage']);
  expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
  expect(stderr).toBe(
    'Nothing was read yet: `logferry up` collects, `logferry run <source>` does so once.\n',
  );
  expect(reportOf((await ground.run(['coverage', '--json', '--exit-status'])).stdout)).toMatchObject({
    partitions: [],
    leftOut: 0,
  });
});

test('what was read is shown as a strip with its counts, and the same as JSON', async () => {
  ground.putEvents(4);
  await ground.run(['run', 'logs']);
  const { code, stdout } = await ground.run(['coverage', '--from', '26h', '--exit-status']);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^\/ecs\/app \(us-east-1\) logs$/m);
  expect(stdout).toMatch(/^ {2}·+█+▒+$/m);
  expect(stdout).toMatch(
    /^ {2}4 events · sealed 2[23]h.* · open 1h.* · unread 2h.* · lateness not learned yet, horizon 1m$/m,
  );
  expect(stdout).toMatch(/^1 log group: no gaps$/m);

  const { partitions } = reportOf((await ground.run(['coverage', 'logs', '--from', '3h', '--json'])).stdout);
  expect(partitions).toMatchObject([{ source: 'logs', liveEvents: 4, gaps: [] }]);
  expect(partitions[0]?.strip.states).toMatch(/^s{118,121}o{59,62}$/);
});

test('a gap is named with its reason and exact ends, and is a failure where that is asked for', async () => {
  const begin = Math.floor(Date.now() / 60_000) * 60_000 - 30 * 60_000;
  const gap = {
    fromMillis: begin,
    toMillis: begin + 89_999,
    reason: 'expired',
    recordedAtMillis: 0,
  } as const;
  await changeCheckpoint((checkpoint) => withGap(checkpoint, gap));

  const shown = await ground.run(['coverage', '--utc']);
  const time = (millis: number) => new Date(millis).toISOString().replace('T', ' ');
  expect(shown.stdout).toContain(
    `gap ${time(begin)} – ${time(begin + 89_999)} (1m30s): it expired in CloudWatch Logs before it was read\n`,
  );
  expect(shown).toMatchObject({ code: 0, stderr: '' });
  expect(shown.stdout).toMatch(/^1 log group: 1 with gaps, 2m together$/m);
  const judged = await ground.run(['coverage', '--exit-status']);
  expect(judged.code).toBe(1);
  expect(judged.stderr).toContain('COVERAGE_GAP 1 of 1 log groups have gaps');
  expect((await ground.run(['coverage', '--to', '1h', '--from', '2h', '--exit-status'])).code).toBe(0);
});

test('what an audit found is told with its minute; what it could not repair is a failure where that is asked for', async () => {
  const minute = Math.floor(Date.now() / 60_000) * 60_000 - 50 * 60_000;
  const finding = { foundAtMillis: 0, way: 'by_stream', missing: 9 } as const;
  await changeCheckpoint((checkpoint) => ({
    ...checkpoint,
    gaps: [],
    audits: {
      compared: 41,
      notComparable: { too_many_events: 2 },
      lastAtMillis: Date.now(),
      findings: [
        { ...finding, minuteMillis: minute, repaired: 9 },
        { ...finding, minuteMillis: minute + 60_000, repaired: 0 },
      ],
    },
  }));
  const time = (millis: number) => new Date(millis).toISOString().replace('T', ' ').slice(0, 16);
  const shown = await ground.run(['coverage', '--utc', '--exit-status']);
  expect(shown.stdout).toContain(' · audited 41 minutes, 2 not comparable (too_many_events 2)\n');
  expect(shown.stdout).toContain(`  audit ${time(minute)} lacked 9 events, read again since\n`);
  expect(shown.stdout).toContain(`  audit ${time(minute + 60_000)} lacked 9 events, not repaired: `);
  expect(shown.code).toBe(1);
  expect((await ground.run(['coverage', '--from', '30m', '--exit-status'])).code).toBe(0);
});

test('a backfill of what has expired leaves a gap, and says so', async () => {
  ground.world.setRetention(ground.region, GROUP, 2);
  const backfill = await ground.run(['backfill', 'logs', '--from', '4d', '--to', '3d']);
  expect(backfill.code).toBe(0);
  expect(backfill.stderr).toContain('Part of the range has expired in CloudWatch Logs; it is a gap.');
  const { stdout } = await ground.run(['coverage', '--from', '4d', '--to', '3d']);
  expect(stdout).toMatch(/ \(1d\): it expired in CloudWatch Logs before it was read$/m);
});

test('a source or a range that there is not ends with 2', async () => {
  const unknown = await ground.run(['coverage', 'lgos']);
  expect(unknown.stderr).toContain('error USAGE There is no source "lgos". Did you mean "logs"?');
  expect(unknown.code).toBe(2);
  expect((await ground.run(['coverage', '--from', '90d'])).code).toBe(2);
  expect((await ground.run(['coverage', '--from', '1h', '--to', '2h'])).code).toBe(2);
});
