import { once } from 'node:events';
import { expect, test } from 'vitest';
import { GROUP, inGround, STREAM } from './testing/cli-ground.ts';
import { until } from './testing/start-cli.ts';

test.concurrent(
  'prints what there is, oldest first, and keeps and delivers nothing',
  inGround(async (ground) => {
    ground.write();
    ground.putEvents(5);
    const { code, stdout, stderr } = await ground.run(['tail', '-o', 'raw']);
    expect(stdout).toBe('line 4 of 5\nline 3 of 5\nline 2 of 5\nline 1 of 5\nline 0 of 5\n');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const pretty = await ground.run(['tail', '--utc', 'LINE', '-3']);
    expect(pretty.stdout).toMatch(/^\d\d:\d\d:\d\d\.\d{3}Z? +\S+\/abcdef +line 4 of 5\n/);
    expect(pretty.stdout).not.toContain('line 3');
    expect(ground.datakit.received.count).toBe(0);
  }),
);

test.concurrent(
  'control characters of a log line cannot drive the terminal',
  inGround(async (ground) => {
    ground.write();
    const message = '\u001b]0;title\u0007\u001b[2Jcleared \u001b[31mred\u001b[0m\u0008';
    ground.world.putEvents(ground.region, GROUP, STREAM, [{ timestampMillis: Date.now() - 1000, message }]);
    const { stdout } = await ground.run(['tail']);
    expect(stdout).toContain('cleared red');
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
  }),
);

test.concurrent(
  '-f goes on with new lines until Ctrl-C, which ends it with 0',
  inGround(async (ground) => {
    ground.write();
    ground.putEvents(2);
    const tail = ground.start(['tail', '-f', '-o', 'json']);
    await until(() => tail.stdout().split('\n').length > 2 || undefined, 'the first lines');
    ground.world.putEvents(ground.region, GROUP, STREAM, [
      { timestampMillis: Date.now(), message: 'a new one' },
    ]);
    await until(() => tail.stdout().includes('a new one') || undefined, 'the new line');
    tail.kill('SIGINT');
    const { code, stdout, stderr } = await tail.ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const records = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { message: string });
    expect(records.map(({ message }) => message)).toEqual(['line 1 of 2', 'line 0 of 2', 'a new one']);
  }),
);

test.concurrent(
  'a reader that has enough (`tail -o json | head`) ends it quietly with 0',
  inGround(async (ground) => {
    ground.write();
    ground.putEvents(5000);
    const tail = ground.start(['tail', '-f', '-o', 'json', '--since', '2h']);
    await once(tail.child.stdout ?? tail.child, 'data');
    tail.child.stdout?.destroy();
    const { code, stderr } = await tail.ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  }),
);

test.concurrent(
  'when nobody reads its messages any more, a run goes on all the same',
  inGround(async (ground) => {
    ground.write();
    const ids = ground.putEvents(5);
    await ground.datakit.refuse();
    const run = ground.start(['-v', 'run', 'logs']);
    run.child.stderr?.destroy();
    const { code, stdout } = await run.ended;
    expect(code).toBe(3);
    expect(stdout).toMatch(/\ntotal 5\n$/);
    expect(ground.written().toSorted()).toEqual(ids);
  }),
);
