import { expect, test } from 'vitest';
import type { Run } from '../../../src/contracts/run.ts';
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
    const { code, stdout } = await ground.run(['run', 'fleet', '--since', '60s']);
    // When the command began is its own to say: on a machine that has much to do it is seconds after its start.
    const list = await ground.run(['runs', 'list', '--json']);
    const { runs } = JSON.parse(list.stdout) as { runs: Run[] };
    const fromMillis = runs.find(({ kind }) => kind === 'backfill')?.fromMillis ?? 0;
    expect(fromMillis).toBeGreaterThan(Date.now() - 120_000);
    const total = Number(/\ntotal (\d+)\n$/.exec(stdout)?.[1]);
    const written = new Set(ground.written());
    expect({ code, size: written.size }).toEqual({ code: 0, size: total });
    const events = fleet.logGroups.flatMap((group) => ground.world.events(ground.region, group));
    const isDue = ({ timestampMillis, visibleAtMillis = 0 }: (typeof events)[number]) =>
      timestampMillis >= fromMillis && Math.max(timestampMillis, visibleAtMillis) < fromMillis + 60_000;
    const due = events.filter(isDue).map(({ id }) => id);
    expect(due.length).toBeGreaterThan(100);
    expect(due.filter((id) => !written.has(id))).toEqual([]);
    const older = events.filter(({ timestampMillis }) => timestampMillis < fromMillis).map(({ id }) => id);
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

test.concurrent(
  'a log group that is not there is an error, told with what was probably meant; a pattern without match is a warning',
  inGround(async (ground) => {
    const ids = ground.putEvents(5);
    const meant = 'There is no log group /ecs/ap in us-east-1. Did you mean "/ecs/app"?';
    ground.write({ source: { log_groups: ['/ecs/ap'] } });
    for (const args of [
      ['run', 'logs'],
      ['run', 'logs', '--dry-run'],
      ['run', 'logs', '--since', '1h'],
      ['backfill', 'logs', '--from', '1h'],
      ['tail', '--aws'],
    ]) {
      const { code, stderr } = await ground.run(args);
      expect(stderr).toContain(`error AWS_NOT_FOUND ${meant}`);
      expect(stderr).toContain('next  Compare name, account and Region with the AWS console.');
      expect(code).toBe(1);
    }
    expect((await ground.run(['check', 'logs'])).stdout).toContain(meant);

    // Beside one that is there, it is said; the other is read.
    ground.write({ source: { log_groups: [GROUP, '/ecs/ap'] } });
    const partly = await ground.run(['run', 'logs']);
    expect(partly.stdout).toMatch(/\ntotal 5\n$/);
    expect(partly.stderr).toContain('Not found: /ecs/ap');
    expect(partly.stderr).toContain(JSON.stringify(meant).slice(1, -1));
    expect(partly.code).toBe(0);
    expect(ground.written().toSorted()).toEqual(ids);

    ground.write({ source: { log_groups: ['/quite/*'] } });
    const pattern = await ground.run(['run', 'logs']);
    expect(pattern).toMatchObject({ code: 0, stdout: expect.stringMatching(/\ntotal 0\n$/) as string });
    expect(pattern.stderr).toContain('No log group in us-east-1 matches this pattern yet.');
  }),
);

test.concurrent(
  'where a destination prints the records to standard output, nothing else is there',
  inGround(async (ground) => {
    const ids = ground.putEvents(5);
    ground.write({ destinations: { out: { type: 'stdout', inputs: ['logs'] } } });
    const run = await ground.run(['run', 'logs']);
    const printed = run.stdout
      .split('\n')
      .slice(0, -1)
      .map((line) => (JSON.parse(line) as { id: string }).id);
    expect(printed.toSorted()).toEqual(ids);
    expect(run.stderr).toBe('fetched 5 · duplicate 0 · delivered out 5\ntotal 5\n');
    const again = await ground.run(['run', 'logs', '--json']);
    expect(again.stdout).toBe('');
    expect(JSON.parse(again.stderr)).toMatchObject({ total: 0 });
    const old = ground.putEvents(2, 90_000_000);
    const backfill = await ground.run(['backfill', 'logs', '--from', '2d', '--to', '23h']);
    expect(backfill.stdout.trim().split('\n')).toHaveLength(old.length);
    expect(backfill.stderr).toMatch(/\ntotal 2\n$/);
  }),
);
