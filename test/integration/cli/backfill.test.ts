import { expect, test } from 'vitest';
import { type CliGround, GROUP, inGround, STREAM } from './testing/cli-ground.ts';
import { until } from './testing/start-cli.ts';

const HOUR = 3_600_000;

/** Over 14 hours, so that there are several slices; each page of them takes a while. */
function putSlowHistory(ground: CliGround): readonly string[] {
  const endMillis = Date.now() - HOUR;
  const events = Array.from({ length: 4000 }, (_, n) => ({
    timestampMillis: endMillis - n * 12_000,
    message: `history ${n}`,
  }));
  ground.endpoint.faults.add({ kind: 'page-size', action: 'FilterLogEvents', maxItems: 100 });
  ground.endpoint.faults.add({ kind: 'slow', action: 'FilterLogEvents', delayMillis: 60 });
  return ground.world.putEvents(ground.region, GROUP, STREAM, events).toSorted();
}

const someWritten = async (ground: CliGround, more: number) => {
  const before = ground.written().length;
  await until(() => ground.written().length >= before + more || undefined, `${more} records in the file`);
};

test.concurrent(
  'a range of the past is read once; live collection and another backfill leave it out',
  inGround(async (ground) => {
    const old = ground.putEvents(20, 3 * HOUR);
    ground.write({ source: { start_from: '-1h' } });
    const first = await ground.run(['backfill', 'logs', '--from', '5h', '--to', '2h']);
    expect(first.code).toBe(0);
    expect(first.stderr).toMatch(
      /^warning datakit: a DataKit gives records older than 2 h the present as their time/,
    );
    expect(first.stdout).toBe(
      'fetched 20 · duplicate 0 · delivered file 20 · delivered datakit 20\ntotal 20\n',
    );
    expect((await ground.run(['run', 'logs'])).stdout).toMatch(/\ntotal 0\n$/);
    const again = await ground.run(['backfill', 'logs', '--from', '4h', '--to', '150m', '--json']);
    expect(JSON.parse(again.stdout)).toMatchObject({ fetched: 0, total: 0 });
    expect(ground.written().toSorted()).toEqual(old);
    const forced = await ground.run(['backfill', 'logs', '--from', '5h', '--to', '2h', '--again']);
    expect(forced.stdout).toMatch(/\ntotal 20\n$/);
    expect(ground.written()).toHaveLength(40);
  }),
);

test.concurrent(
  'interrupted by Ctrl-C and then by SIGKILL, it is resumed: each event is in the file once',
  inGround(async (ground) => {
    const ids = putSlowHistory(ground);
    ground.write();
    const first = ground.start(['backfill', 'logs', '--from', '15h', '--to', '30m']);
    await someWritten(ground, 1);
    first.kill('SIGINT');
    const interrupted = await first.ended;
    expect(interrupted.code).toBe(130);
    expect(interrupted.stdout).toBe('');
    expect(interrupted.stderr).toMatch(
      /^Stopped at \d+ %: fetched [1-9]\d* · .*\. Go on with: logferry backfill --resume\nInterrupted\. /m,
    );

    const second = ground.start(['backfill', '--resume']);
    await someWritten(ground, 1);
    second.kill('SIGKILL');
    expect(await second.ended).toMatchObject({ signal: 'SIGKILL' });
    expect(ground.written().length).toBeLessThan(ids.length);

    ground.endpoint.faults.clear();
    const third = await ground.run(['backfill', '--resume']);
    expect(third.code).toBe(0);
    expect(third.stdout).toMatch(/\ntotal [1-9]\d*\n$/);
    expect(ground.written().toSorted()).toEqual(ids);
    expect(new Set(ground.datakit.received.eventIds.keys())).toEqual(new Set(ids));

    // It is at its end: there is nothing to resume any longer.
    const fourth = await ground.run(['backfill', '--resume']);
    expect(fourth.code).toBe(2);
    expect(fourth.stderr).toContain('There is no interrupted backfill to go on with.');
    const runs = await ground.run(['runs', 'list']);
    expect(runs.stdout.match(/succeeded|lost|cancelled/g)).toEqual(['succeeded', 'lost', 'cancelled']);
  }),
);

test.concurrent(
  'off a terminal progress is a line every ten seconds, not a bar',
  inGround(async (ground) => {
    putSlowHistory(ground);
    // 40 pages and more.
    ground.endpoint.faults.clear();
    ground.endpoint.faults.add({ kind: 'page-size', action: 'FilterLogEvents', maxItems: 40 });
    ground.endpoint.faults.add({ kind: 'slow', action: 'FilterLogEvents', delayMillis: 600 });
    ground.write({ source: { start_from: '-1h' } });
    const backfill = ground.start(['backfill', 'logs', '--from', '15h', '--to', '30m']);
    const [line] = await backfill.untilStderr(/^.*\/s.*\n/m);
    expect(line).toMatch(/^\d+ % {2}[\d,]*[1-9][\d,]* events · [\d,]*[1-9]\d*\/s · .* left\n$/);
    backfill.kill('SIGKILL');
  }),
);

test.concurrent(
  'what is missing or turned around in the range is said, with an example',
  inGround(async (ground) => {
    ground.write();
    const none = await ground.run(['backfill', 'logs']);
    expect(none.stderr).toContain('error USAGE A backfill needs a source and a begin.');
    expect(none.stderr).toContain('next  logferry backfill <source> --from 2d');
    const turned = await ground.run(['backfill', 'logs', '--from', '1h', '--to', '2h']);
    expect(turned.stderr).toContain('error USAGE --from lies after --to.');
    const noTime = await ground.run(['backfill', 'logs', '--from', 'yesterday']);
    expect(noTime.stderr).toContain('error USAGE "yesterday" is no time.');
    expect(noTime.stderr).toContain('next  Write 2h30m (before now), 13:10');
    expect([none.code, turned.code, noTime.code]).toEqual([2, 2, 2]);
  }),
);
