import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CANARY, type CliGround, KEY_ID, startCliGround } from './testing/cli-ground.ts';
import { closedUrl, startWebServer } from './testing/web-server.ts';

let ground: CliGround;
beforeAll(async () => {
  ground = await startCliGround();
  ground.addFleet();
});
afterAll(() => ground.close());

const env = (secret = CANARY) => ({
  AWS_ACCESS_KEY_ID: KEY_ID,
  AWS_SECRET_ACCESS_KEY: secret,
  AWS_ENDPOINT_URL: ground.endpoint.url,
});
const init = (file: string, args: readonly string[], secret?: string) =>
  ground.run(['init', file, '--yes', '--no-store', ...args], env(secret));

test('what works is ticked, and the file works as it is', async () => {
  const { code, stdout, stderr } = await init('good.yaml', [
    '--region',
    'us-east-1',
    '--cluster',
    'demo-fleet',
    '--datakit',
    ground.datakit.url,
  ]);
  expect(stderr).toMatch(/✓ Identity of account main: arn:aws:/);
  expect(stderr).toContain('✓ ECS clusters of us-east-1: demo-fleet');
  expect(stderr).toMatch(/✓ A DataKit answers at 127\.0\.0\.1:\d+: DataKit/);
  expect(stdout).toBe(
    'good.yaml is written.\nNext: logferry check -c good.yaml   then   logferry up -c good.yaml\n',
  );
  expect(code).toBe(0);
  expect(ground.datakit.points).toBe(0);
  const run = await ground.run(['run', 'ecs_services', '--since', '1m', '-c', 'good.yaml'], env());
  expect(run.stdout).toMatch(/\ntotal [1-9]\d*\n$/);
  expect(readFileSync(join(ground.dir, 'good.yaml'), 'utf8')).not.toContain(CANARY);
});

test('what does not work is said with the next step; the file is written all the same', async () => {
  const datakit = await closedUrl();
  const { code, stdout, stderr } = await init('bad.yaml', [
    '--region',
    'us-east-1',
    '--cluster',
    'demo-flet',
    '--datakit',
    datakit,
  ]);
  expect(stderr).toContain(
    '✗ ECS clusters of us-east-1: There is no cluster demo-flet in us-east-1. Did you mean "demo-fleet"?',
  );
  expect(stderr).toMatch(/✗ A DataKit answers at .*ECONNREFUSED.*\(DESTINATION_UNREACHABLE\)\n +next /);
  expect(stdout).toContain('bad.yaml is written. Of what was tried, 2 things do not work yet: see above.');
  expect(code).toBe(0);
  expect(readFileSync(join(ground.dir, 'bad.yaml'), 'utf8')).toContain('demo-flet');
});

test('wrong keys, a wrong Region and a web server that is no DataKit are told apart', async () => {
  const web = await startWebServer(200);
  const { stdout, stderr } = await init(
    'keys.yaml',
    ['--region', 'us-east-1', '--datakit', web.url, '--json'],
    'wrong',
  );
  await web.close();
  expect(stderr).toBe('');
  const { checks } = JSON.parse(stdout) as { checks: { status: string; code?: string }[] };
  expect(checks.map(({ status, code }) => code ?? status)).toEqual([
    'AWS_CREDENTIALS_INVALID',
    'DESTINATION_NOT_DATAKIT',
  ]);
  const region = await init('region.yaml', ['--region', 'us-east-9', '--datakit', ground.datakit.url]);
  expect(region.stderr).toMatch(
    /✗ .*\(AWS_REGION_WRONG\)\n +next Check the spelling of the Region us-east-9.*Did you mean "us-east-/,
  );
});

test('what cannot be right is refused before anything is written', async () => {
  for (const [args, meant] of [
    [['--region', 'us east 1'], 'error USAGE "us east 1" is no Region. Did you mean "us-east-1"?'],
    [['--datakit', '127.0.0.1:9529'], 'error USAGE "127.0.0.1:9529" is no address of a DataKit.'],
  ] as const) {
    const { code, stderr } = await init('none.yaml', args);
    expect(stderr).toContain(meant);
    expect(code).toBe(2);
  }
  expect((await ground.run(['validate', 'none.yaml'])).code).toBe(2);
});

test('--no-check tries nothing', async () => {
  const before = ground.datakit.requests;
  const args = ['--region', 'us-east-1', '--datakit', ground.datakit.url, '--no-check'];
  const { code, stdout, stderr } = await init('untried.yaml', args);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/^untried\.yaml is written\.\n/);
  expect(ground.datakit.requests).toBe(before);
});
