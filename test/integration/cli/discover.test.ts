import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { CANARY, type CliGround, KEY_ID, startCliGround } from './testing/cli-ground.ts';
import { policyIn } from './testing/policy-in.ts';

let ground: CliGround;
beforeAll(async () => {
  ground = await startCliGround();
  ground.addFleet();
  ground.write();
});
afterAll(() => ground.close());

const discover = (...args: string[]) => ground.run(['discover', ...args]);

test('the tree: cluster › service › container → log group, the reason where there is none', async () => {
  const { code, stdout, stderr } = await discover();
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/^test · us-east-1\n└─ demo-fleet\n {3}├─ checkout-api \d\/\d running\n/);
  expect(stdout).toContain('orders → /ecs/orders (us-east-1)');
  expect(stdout).toContain('audit → It logs through FireLens');
  expect(stdout).toContain('demo-task (standalone)');
});

test('-o table has a row for each container', async () => {
  const { code, stdout } = await discover('-o', 'table');
  const [head, ...rows] = stdout.trimEnd().split('\n');
  expect(head).toMatch(/^ACCOUNT +REGION +CLUSTER +SERVICE +RUNNING +CONTAINER +LOG GROUP$/);
  expect(rows.find((row) => row.includes('mailer'))).toMatch(
    /^test +us-east-1 +demo-fleet +worker +\d +mailer +\/ecs\/worker/,
  );
  expect({ code, rows: rows.length }).toEqual({ code: 0, rows: 8 });
});

test('-o json is the tree as data, and --json the same', async () => {
  const { code, stdout } = await discover('-o', 'json');
  const [account] = JSON.parse(stdout) as {
    account: string;
    tree: { regions: { region: string; clusters: { name: string; workloads: { name: string }[] }[] }[] };
  }[];
  expect(account).toMatchObject({ account: 'test', tree: { regions: [{ region: 'us-east-1' }] } });
  const names = account?.tree.regions[0]?.clusters[0]?.workloads.map(({ name }) => name);
  expect(names).toEqual(['checkout-api', 'orders', 'web', 'worker', 'demo-task']);
  expect(code).toBe(0);
  expect(JSON.parse((await discover('--json')).stdout)).toMatchObject([{ account: 'test' }]);
});

test('-o yaml pastes into the configuration', async () => {
  const { code, stdout } = await discover('-o', 'yaml');
  expect(code).toBe(0);
  const { sources } = parse(stdout) as { sources: Record<string, { type: string }> };
  const [id = ''] = Object.keys(sources);
  const destinations = { file: { type: 'file', inputs: [id], path: 'out.ndjson' } };
  ground.write({ sources, destinations }, 'pasted.yaml');
  const check = await ground.run(['check', id, '-c', 'pasted.yaml']);
  expect(check.stdout).toMatch(/✓ Read ECS of us-east-1: .*4 services/);
  expect(check.code).toBe(0);
});

test('needs no configuration: keys, Region and endpoint of the environment are enough', async () => {
  const env = {
    AWS_ACCESS_KEY_ID: KEY_ID,
    AWS_SECRET_ACCESS_KEY: CANARY,
    AWS_REGION: 'us-east-1',
    AWS_ENDPOINT_URL: ground.endpoint.url,
  };
  const { code, stdout } = await ground.run(['discover', '-c', 'none.yaml'], env);
  expect(stdout).toContain('orders → /ecs/orders (us-east-1)');
  expect(code).toBe(0);
});

test('where nothing of ECS may be read it ends with 4 and the policy for all of it', async () => {
  ground.endpoint.faults.add({ kind: 'deny', action: 'ListClusters' });
  const { code, stderr } = await discover();
  ground.endpoint.faults.clear();
  expect(stderr).toContain('error AWS_DENIED Nothing of ECS may be read with these credentials.');
  const [statement] = policyIn(stderr) as { Action: string[] }[];
  expect(statement?.Action).toHaveLength(6);
  expect(code).toBe(4);
});

test('what is no Region is told as such, with what was probably meant; one that does not exist too', async () => {
  const text = await ground.run(['discover', '-r', 'us east 1']);
  expect(text).toMatchObject({ code: 2, stdout: '' });
  expect(text.stderr).toContain('error USAGE "us east 1" is no Region. Did you mean "us-east-1"?');
  for (const args of [
    ['-r', 'us-east-11'],
    ['-r', 'us-east-11', '-c', 'none.yaml'],
  ]) {
    const env = {
      AWS_ACCESS_KEY_ID: KEY_ID,
      AWS_SECRET_ACCESS_KEY: CANARY,
      AWS_ENDPOINT_URL: ground.endpoint.url,
    };
    const { code, stderr } = await ground.run(['discover', ...args], env);
    expect(stderr).toContain('error AWS_REGION_WRONG');
    expect(stderr).toContain('Check the spelling of the Region us-east-11');
    expect(stderr).toContain('Did you mean "us-east-1"?');
    expect(code).toBe(2);
  }
});
