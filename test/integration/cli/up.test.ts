import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { type CliGround, GROUP, inGround } from './testing/cli-ground.ts';
import { type CliProcess, until } from './testing/start-cli.ts';
import { freePort, startWebServer } from './testing/web-server.ts';

const EVERY = { every: '1s', discover_every: '5s' };

async function startServer(ground: CliGround): Promise<{ up: CliProcess; url: string }> {
  const up = ground.start(['up']);
  const [, url = ''] = await up.untilStderr(/"url":"(http:[^"]+)".*"Logferry is up\."/);
  return { up, url };
}

const allWritten = (ground: CliGround, ids: readonly string[]) =>
  until(() => ground.written().length >= ids.length || undefined, `${ids.length} records in the file`);

test.concurrent(
  'serves health, metrics and the API; SIGTERM ends it with 0',
  inGround(async (ground) => {
    const ids = ground.putEvents(10);
    ground.write({ source: EVERY });
    const { up, url } = await startServer(ground);
    await allWritten(ground, ids);
    expect(await (await fetch(`${url}/healthz`)).json()).toEqual({ status: 'ok', problems: [] });
    expect(await (await fetch(`${url}/readyz`)).json()).toEqual({ status: 'ok', problems: [] });
    const metrics = await fetch(`${url}/metrics`);
    expect(metrics.headers.get('content-type')).toContain('text/plain');
    expect(await metrics.text()).toMatch(/^logferry_fetched_records_total\{source="logs"\} \d+$/m);
    const openapi = (await (await fetch(`${url}/openapi.json`)).json()) as { openapi: string; paths: object };
    expect(openapi.openapi).toMatch(/^3\./);
    expect(Object.keys(openapi.paths)).toEqual(
      expect.arrayContaining(['/healthz', '/readyz', '/api/v1/status']),
    );
    const status = (await (await fetch(`${url}/api/v1/status`)).json()) as { pid: number };
    expect(status.pid).toBe(up.pid);

    up.kill('SIGTERM');
    const { code, stdout, stderr } = await up.ended;
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    for (const line of stderr.trimEnd().split('\n')) expect(JSON.parse(line)).toHaveProperty('msg');
    expect(stderr.trimEnd().split('\n').at(-1)).toContain('"msg":"Stopped."');
  }),
);

test.concurrent(
  'SIGTERM lets a delivery under way end: nothing is sent twice, and nothing is left',
  inGround(async (ground) => {
    const ids = ground.putEvents(10);
    ground.datakit.faults.add({ kind: 'slow', millis: 800 }, { times: 1 });
    ground.write({ source: EVERY });
    const { up } = await startServer(ground);
    await until(
      () => ground.datakit.counters.writes > 0 || ground.datakit.faults.struck > 0 || undefined,
      'a write',
    );
    up.kill('SIGTERM');
    expect((await up.ended).code).toBe(0);
    expect(new Set(ground.datakit.received.eventIds.keys())).toEqual(new Set(ids));
    const next = await ground.run(['run', 'logs']);
    expect(next.stdout).toMatch(/delivered file 0 · delivered datakit 0\ntotal 0\n$/);
    expect(ground.datakit.received.duplicates).toBe(0);
  }),
);

test.concurrent(
  'SIGHUP applies a good configuration; a bad one changes nothing and is named by file, line and column',
  inGround(async (ground) => {
    const ids = ground.putEvents(3);
    ground.write({ source: EVERY });
    const { up, url } = await startServer(ground);
    await allWritten(ground, ids);

    ground.write('version: 1\nsources:\n  logs:\n    type: cloudwatch_logs\n    log_group: [x]\n');
    up.kill('SIGHUP');
    const [bad] = await up.untilStderr(/^.*cannot be used.*$/m);
    expect(JSON.parse(bad)).toMatchObject({ level: 50, error: expect.stringMatching(/logferry\.yaml:5:5 /) });
    const more = ground.putEvents(3, 0);
    await allWritten(ground, [...ids, ...more]);

    ground.world.createLogGroup({ region: ground.region, name: '/ecs/other' });
    const others = ground.putEvents(4, 1000, '/ecs/other');
    ground.write({ source: { ...EVERY, log_groups: [GROUP, '/ecs/other'] } });
    up.kill('SIGHUP');
    await up.untilStderr(/The new configuration is in place\./);
    await allWritten(ground, [...ids, ...more, ...others]);
    expect(ground.written().toSorted()).toEqual([...ids, ...more, ...others].toSorted());
    expect((await fetch(`${url}/healthz`)).status).toBe(200);

    up.kill('SIGHUP');
    await up.untilStderr(/The configuration is as it was\./);
    up.kill('SIGINT');
    expect((await up.ended).code).toBe(0);
  }),
);

test.concurrent(
  'while it stops SIGHUP does it no harm, and a second SIGTERM ends it at once',
  inGround(async (ground) => {
    ground.putEvents(10);
    ground.datakit.faults.add({ kind: 'slow', millis: 8000 });
    ground.write({ source: EVERY });
    const { up } = await startServer(ground);
    await until(() => ground.datakit.faults.struck > 0 || undefined, 'a write');
    up.kill('SIGTERM');
    await up.untilStderr(/Stopping: /);
    up.kill('SIGHUP');
    await sleep(300);
    expect(up.child.exitCode ?? up.child.signalCode).toBe(null);
    const begun = performance.now();
    up.kill('SIGTERM');
    expect(await up.ended).toMatchObject({ code: 130, signal: null });
    expect(performance.now() - begun).toBeLessThan(3000);
  }),
);

test.concurrent(
  'a second process on the same data folder is told who works there',
  inGround(async (ground) => {
    ground.write();
    const { up } = await startServer(ground);
    for (const args of [['up'], ['run', 'logs'], ['backfill', 'logs', '--from', '1h']]) {
      const { code, stderr } = await ground.run(args);
      expect(stderr).toMatch(
        /^error DATA_DIR_LOCKED The data folder .* is in use by `logferry up` \(process \d+, since /,
      );
      expect(stderr).toContain(`(process ${up.pid}, `);
      expect(stderr).toContain('next  Stop that process, or give this one a data folder of its own.');
      expect(code).toBe(1);
    }
  }),
);

test.concurrent(
  'a server that can be reached does the runs of the command line, and answers healthcheck and doctor',
  inGround(async (ground) => {
    const port = await freePort();
    ground.write({
      source: { start_from: '-1s', every: '1h' },
      top: { server: { listen: `127.0.0.1:${port}` } },
    });
    const down = await ground.run(['healthcheck']);
    expect(down).toMatchObject({ code: 1, stdout: '' });
    expect(down.stderr).toContain(
      `error SERVER_NOT_RUNNING No Logferry server answers at http://127.0.0.1:${port}`,
    );
    const { up } = await startServer(ground);
    const old = ground.putEvents(7, 600_000);
    const backfill = await ground.run(['backfill', 'logs', '--from', '1h', '--to', '5m']);
    expect(backfill.stderr).toContain('The server on this data folder does the run.');
    expect(backfill).toMatchObject({ code: 0, stdout: expect.stringMatching(/\ntotal 7\n$/) });
    expect(ground.written().toSorted()).toEqual(old);
    expect(await ground.run(['healthcheck'])).toMatchObject({ code: 0, stdout: 'ok\n', stderr: '' });
    const ready = await ground.run(['healthcheck', '--ready', '--json']);
    expect(JSON.parse(ready.stdout)).toEqual({ status: 'ok', problems: [] });
    const doctor = await ground.run(['doctor']);
    expect(doctor.stdout).toContain(`in use by logferry up (process ${up.pid})`);
    expect(doctor.stdout).toMatch(/! Port 127\.0\.0\.1:\d+: .*EADDRINUSE/);
    expect(doctor.code).toBe(0);
  }),
);

test.concurrent(
  'a port that another program has ends with 2 and says so',
  inGround(async (ground) => {
    const web = await startWebServer(200);
    const { host } = new URL(web.url);
    ground.write({ top: { server: { listen: host } } });
    const { code, stderr } = await ground.run(['up']);
    await web.close();
    expect(stderr).toContain(`error PORT_IN_USE Another program listens on ${host}`);
    expect(stderr).toContain('next  Stop it, or set server.listen to another port.');
    expect(code).toBe(2);
  }),
);

test.concurrent(
  'what is to be done in another data folder is not given to a server that has the same port',
  inGround(async (ground) => {
    const port = await freePort();
    const top = { server: { listen: `127.0.0.1:${port}` } };
    ground.write({ top, source: { every: '1h' } });
    await startServer(ground);
    // Another process works on the other folder, and the address is that of the server of the first.
    ground.write(
      { top: { ...top, data_dir: './other', server: { listen: '127.0.0.1:0' } } },
      'other-up.yaml',
    );
    ground.write({ top: { ...top, data_dir: './other' } }, 'other.yaml');
    const other = ground.start(['up', '-c', 'other-up.yaml']);
    await other.untilStderr(/Logferry is up\./);
    const { code, stderr } = await ground.run(['run', 'logs', '-c', 'other.yaml']);
    expect(stderr).toContain('error DATA_DIR_LOCKED');
    expect(code).toBe(1);
  }),
);
