import { expect, test } from 'vitest';
import { GROUP, inGround } from './testing/cli-ground.ts';

test.concurrent(
  'a run delivers what is there and ends with the line `total N`; the next one finds nothing new',
  inGround(async (ground) => {
    const ids = ground.putEvents(30);
    ground.write();
    const first = await ground.run(['run', 'logs']);
    expect(first).toEqual({
      code: 0,
      signal: null,
      stdout: 'fetched 30 · duplicate 0 · delivered file 30 · delivered datakit 30\ntotal 30\n',
      stderr: '',
    });
    expect(ground.written().toSorted()).toEqual(ids);
    expect(new Set(ground.datakit.received.eventIds.keys())).toEqual(new Set(ids));

    const second = await ground.run(['run', 'logs']);
    expect(second.stdout).toMatch(
      /^fetched \d+ · duplicate \d+ · delivered file 0 · delivered datakit 0\ntotal 0\n$/,
    );
    expect(second.code).toBe(0);

    const more = ground.putEvents(5, 0);
    const third = await ground.run(['run', 'logs', '--json']);
    expect(JSON.parse(third.stdout)).toMatchObject({
      committed: 5,
      delivered: { file: 5, datakit: 5 },
      total: 5,
    });
    expect(ground.written().toSorted()).toEqual([...ids, ...more].toSorted());
  }),
);

test.concurrent(
  '--since 60s against a fleet reads the last minute of each of its groups, and no more',
  inGround(async (ground) => {
    const fleet = ground.addFleet();
    ground.write({
      sources: {
        fleet: { type: 'cloudwatch_logs', account: 'test', log_groups: ['/ecs/*'], start_from: '-1s' },
      },
      destinations: { file: { type: 'file', inputs: ['fleet'], path: 'out.ndjson' } },
    });
    const beforeMillis = Date.now() - 60_000;
    const { code, stdout } = await ground.run(['run', 'fleet', '--since', '60s']);
    const total = Number(/\ntotal (\d+)\n$/.exec(stdout)?.[1]);
    const written = new Set(ground.written());
    expect({ code, size: written.size }).toEqual({ code: 0, size: total });
    const events = fleet.logGroups.flatMap((group) => ground.world.events(ground.region, group));
    const isDue = ({ timestampMillis, visibleAtMillis = 0 }: (typeof events)[number]) =>
      // The command began a moment later than this test, and the events of that moment may be in or out.
      timestampMillis > beforeMillis + 5000 &&
      Math.max(timestampMillis, visibleAtMillis) < beforeMillis + 59_000;
    const due = events.filter(isDue).map(({ id }) => id);
    expect(due.length).toBeGreaterThan(100);
    expect(due.filter((id) => !written.has(id))).toEqual([]);
    const older = events.filter(({ timestampMillis }) => timestampMillis < beforeMillis).map(({ id }) => id);
    expect(older.filter((id) => written.has(id))).toEqual([]);
  }),
);

test.concurrent(
  '--dry-run counts and shows samples, but keeps and delivers nothing',
  inGround(async (ground) => {
    ground.putEvents(30);
    ground.write();
    const dry = await ground.run(['run', 'logs', '--dry-run']);
    expect({ code: dry.code, stdout: dry.stdout }).toEqual({ code: 0, stdout: 'total 30\n' });
    expect(dry.stderr).toContain('line 29 of 30');
    expect(dry.stderr).toContain(`${GROUP} (us-east-1): 30 events`);
    expect(dry.stderr).toContain('Dry run: nothing was kept or delivered.');
    expect(ground.datakit.received.count).toBe(0);
    expect(ground.written()).toEqual([]);
    expect((await ground.run(['run', 'logs'])).stdout).toMatch(/\ntotal 30\n$/);
  }),
);

test.concurrent(
  'AWS that denies the reading ends with 4, `total 0`, and the policy on standard error',
  inGround(async (ground) => {
    ground.putEvents(3);
    ground.endpoint.faults.add({ kind: 'deny', action: 'FilterLogEvents' });
    ground.write();
    const { code, stdout, stderr } = await ground.run(['run', 'logs']);
    expect(code).toBe(4);
    expect(stdout).toMatch(/\ntotal 0\n$/);
    expect(stderr).toMatch(/\nerror AWS_DENIED logs:FilterLogEvents on \/ecs\/app/);
    expect(stderr).toMatch(/\nnext {2}Allow logs:FilterLogEvents .*\n\{\n {2}"Version"/);
  }),
);

test.concurrent(
  'a destination that is down ends with 3, holds up nobody else, and gets its records with the next run',
  inGround(async (ground) => {
    const ids = ground.putEvents(10);
    ground.write();
    await ground.datakit.refuse();
    const { code, stdout, stderr } = await ground.run(['run', 'logs']);
    expect(code).toBe(3);
    expect(stdout).toMatch(/delivered file 10 · delivered datakit 0\ntotal 10\n$/);
    expect(stderr).toContain('error PARTIAL_DELIVERY Not delivered to 1 of 2 destinations (datakit:');
    expect(stderr).toContain('next  The records are safe in the spool');
    await ground.datakit.accept();
    const again = await ground.run(['run', 'logs']);
    expect(again.code).toBe(0);
    expect(new Set(ground.datakit.received.eventIds.keys())).toEqual(new Set(ids));
    expect(ground.written().toSorted()).toEqual(ids);
  }),
);
