import { expect, test } from 'vitest';
import { GROUP, inGround } from './testing/cli-ground.ts';
import { until } from './testing/start-cli.ts';
import { freePort } from './testing/web-server.ts';

test.concurrent(
  'without a server it shows what the data folder holds',
  inGround(async (ground) => {
    ground.write();
    const none = await ground.run(['status']);
    expect(none).toMatchObject({ code: 1, stdout: '' });
    expect(none.stderr).toMatch(/error SERVER_NOT_RUNNING Nothing was collected in .*data yet\./);

    ground.putEvents(5);
    await ground.datakit.refuse();
    await ground.run(['run', 'logs']);
    const { code, stdout } = await ground.run(['status', '--utc']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^No server runs on this data folder\. It holds:$/m);
    expect(stdout).toMatch(/^SOURCE +LOG GROUPS +READ UP TO +HORIZON$/m);
    expect(stdout).toMatch(/^logs +1 +\d{4}-\d\d-\d\d \d\d:\d\d:\d\d +1m$/m);
    expect(stdout).toMatch(/^datakit +5 +\d+m?s +0$/m);
    expect(stdout).toMatch(/^file +0 +– +0$/m);
    expect(stdout).toMatch(/^Spool: \d+ B of 2 GiB \(0\.0 %\)$/m);
    const json = JSON.parse((await ground.run(['status', '--json'])).stdout) as {
      isRunning: boolean;
      sources: { id: string; partitions: { title: string }[] }[];
    };
    expect(json.isRunning).toBe(false);
    expect(json.sources.map(({ id, partitions }) => [id, partitions.map(({ title }) => title)])).toEqual([
      ['logs', [`${GROUP} (us-east-1)`]],
    ]);
  }),
);

test.concurrent(
  'of a server it shows sources, destinations, their errors and the spool; --watch goes on until it is ended',
  inGround(async (ground) => {
    const port = await freePort();
    ground.write({ top: { server: { listen: `127.0.0.1:${port}` } } });
    ground.putEvents(5);
    await ground.datakit.refuse();
    const up = ground.start(['up']);
    await up.untilStderr(/does not take batches/);
    const status = () => ground.run(['status']);
    const { code, stdout } = await status();
    expect(code).toBe(0);
    expect(stdout).toMatch(
      new RegExp(
        `^Logferry .* is degraded, up .* since .* \\(process ${up.pid}, http://127\\.0\\.0\\.1:${port}\\)$`,
        'm',
      ),
    );
    expect(stdout).toMatch(/^ {2}! destination datakit is retrying: .*ECONNREFUSED/m);
    expect(stdout).toMatch(/^SOURCE +STATE +LOG GROUPS +LAG +HORIZON$/m);
    expect(stdout).toMatch(/^logs +collecting +1 +\d+m?s +1m$/m);
    expect(stdout).toMatch(/^datakit +retrying +5 +\d+m?s +0 +0$/m);
    expect(stdout).toMatch(
      /^ {2}datakit: last error .* ago, refused: .*ECONNREFUSED.*\n {4}next Check the address/m,
    );
    await ground.datakit.accept();
    await until(() => ground.datakit.points === 5, 'the records');
    const after = await until(async () => {
      const text = (await status()).stdout;
      return /^datakit +idle +0 +– +5 +0$/m.test(text) ? text : undefined;
    }, 'an idle destination');
    expect(after).toMatch(/is ok, up/);
    expect(after).toMatch(/last error .*\(overcome\)$/m);

    const watch = ground.start(['status', '--watch', '--json']);
    const lines = () => watch.stdout().split('\n').slice(0, -1);
    await until(() => lines().length >= 2, 'two reports');
    watch.kill('SIGINT');
    expect(await watch.ended).toMatchObject({ code: 0, stderr: '' });
    for (const line of lines())
      expect(JSON.parse(line)).toMatchObject({ isRunning: true, health: 'ok', pid: up.pid });
  }),
);

test.concurrent(
  'the server of another data folder on the same port is not taken for this one',
  inGround(async (ground) => {
    const port = await freePort();
    const top = { server: { listen: `127.0.0.1:${port}` } };
    ground.write({ top });
    const up = ground.start(['up']);
    await up.untilStderr(/Logferry is up\./);
    ground.write({ top: { ...top, data_dir: './other' } }, 'other.yaml');
    const { code, stderr } = await ground.run(['status', '-c', 'other.yaml']);
    expect(stderr).toContain('error SERVER_NOT_RUNNING');
    expect(code).toBe(1);
  }),
);
