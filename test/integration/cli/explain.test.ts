import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CoverageReport } from '../../../src/pipeline/coverage/coverage-report.ts';
import type { Explanation } from '../../../src/pipeline/explain/explanation.ts';
import { type CliGround, GROUP, STREAM, startCliGround } from './testing/cli-ground.ts';
import { until } from './testing/start-cli.ts';
import { freePort } from './testing/web-server.ts';

let ground: CliGround;
beforeAll(async () => {
  ground = await startCliGround();
  const listen = `127.0.0.1:${await freePort()}`;
  ground.write({ source: { every: '1s' }, top: { server: { listen } } });
});
afterAll(() => ground.close());

test('the answer comes first, with the next step, and each event with what became of it', async () => {
  const when = Date.now() - 2 * 3_600_000;
  const event = { timestampMillis: when, ingestedMillis: when + 5000, message: 'for People' };
  ground.world.putEvents(ground.region, GROUP, STREAM, [event]);
  const { stdout, code } = await ground.run(['explain', GROUP, String(when), 'people', '--utc']);
  expect(code).toBe(0);
  const lines = stdout.split('\n');
  expect(lines[0]).toBe('before_start  It is from before "logs" began to read this log group.');
  expect(lines[1]).toMatch(/^next {2}Fetch it: logferry backfill logs --from /);
  expect(lines.slice(3, 6)).toEqual([
    `${GROUP} (us-east-1) logs`,
    '  unread · 1 event found in CloudWatch Logs · 0 read in the minutes around · max_lateness 1h',
    '  nothing of it was read yet',
  ]);
  const time = new Date(when).toISOString().replace('T', ' ');
  expect(stdout).toContain(`  ${time} for People\n    came in 5s later · ${STREAM} · `);

  const asJson = await ground.run(['explain', 'app', String(when), '--json']);
  expect(JSON.parse(asJson.stdout) as Explanation).toMatchObject({ group: 'app', verdict: 'before_start' });
});

test('beside a server that works on the data folder it is asked; coverage looks for itself', async () => {
  const up = ground.start(['up']);
  await up.untilStderr(/http:\/\//);
  const when = Date.now() - 60_000;
  const [id] = ground.world.putEvents(ground.region, GROUP, STREAM, [
    { timestampMillis: when, message: 'beside' },
  ]);
  await until(() => (ground.written().includes(id ?? '') ? true : undefined), 'the event in the file');
  const explained = await ground.run(['explain', GROUP, String(when), '--json']);
  expect(JSON.parse(explained.stdout) as Explanation).toMatchObject({
    verdict: 'delivered',
    partitions: [{ state: 'open', events: [{ id }] }],
  });
  const covered = await ground.run(['coverage', '--json']);
  expect(JSON.parse(covered.stdout) as CoverageReport).toMatchObject({ partitions: [{ source: 'logs' }] });
  const refused = await ground.run(['explain', 'nothing', 'now']);
  expect(refused.stdout).toMatch(/^group_unknown /);
});

test('a time that is none ends with 2', async () => {
  const { code, stderr } = await ground.run(['explain', GROUP, 'yesterday']);
  expect(stderr).toContain('error USAGE "yesterday" is no time.');
  expect(code).toBe(2);
});
