import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type CliGround, startCliGround } from './testing/cli-ground.ts';
import { closedUrl, startWebServer } from './testing/web-server.ts';

let ground: CliGround;
beforeEach(async () => {
  ground = await startCliGround();
});
afterEach(() => ground.close());

const withDataKit = (url: string) => ({
  destinations: { guance: { type: 'datakit', inputs: ['logs'], url } },
});

test('a port where nobody listens ends with 5', async () => {
  const url = await closedUrl();
  ground.write(withDataKit(url));
  const { code, stdout, stderr } = await ground.run(['check', 'guance']);
  expect(stdout).toContain(`✗ A DataKit answers at ${new URL(url).host}: connect ECONNREFUSED`);
  expect(stdout).toContain('next Check the address and that the destination runs.');
  expect(stderr).toContain('error DESTINATION_UNREACHABLE');
  expect(code).toBe(5);
});

test.each([200, 404])('a web server that is no DataKit and answers %i ends with 5', async (status) => {
  const web = await startWebServer(status);
  ground.write(withDataKit(web.url));
  const { code, stdout, stderr } = await ground.run(['check', 'guance']);
  await web.close();
  expect(stdout).toContain(`Something else answers there: HTTP ${status} without the header X-Datakit.`);
  expect(stdout).toContain('next Something else than a DataKit answers. Check host and port of `url`');
  expect(stderr).toContain('error DESTINATION_NOT_DATAKIT');
  expect(code).toBe(5);
});

test('a DataKit that refuses this client ends with 4, and names the setting', async () => {
  const reply = {
    status: 403,
    body: '{"error_code":"datakit.publicAccessDisabled"}',
    headers: { 'x-datakit': '1.84.1/h' },
  };
  ground.datakit.faults.add({ kind: 'reply', reply });
  ground.write(withDataKit(ground.datakit.url));
  const { code, stdout } = await ground.run(['check', 'guance']);
  expect(stdout).toContain('✓ A DataKit answers');
  expect(stdout).toContain('✗ It takes log records');
  expect(stdout).toContain('`public_apis`');
  expect(code).toBe(4);
});

test('of several failures the exit code is that of the most severe, and all are shown', async () => {
  const url = await closedUrl();
  ground.write({ ...withDataKit(url), account: { secret_access_key: 'wrong' } });
  const { code, stdout, stderr } = await ground.run(['check']);
  expect(stdout.match(/✗/g)).toHaveLength(2);
  expect(stderr).toContain('error AWS_CREDENTIALS_INVALID 2 checks failed');
  expect(code).toBe(4);
});

test('a file that cannot be written is a failure that names it', async () => {
  const path = join(ground.dir, 'logferry.yaml', 'out.ndjson');
  ground.write({ destinations: { file: { type: 'file', inputs: ['logs'], path } } });
  const { code, stdout } = await ground.run(['check', 'file']);
  expect(stdout).toContain(`✗ File ${path}`);
  expect(stdout).toContain('next ');
  expect(code).not.toBe(0);
});
