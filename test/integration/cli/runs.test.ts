import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CliGround, startCliGround } from './testing/cli-ground.ts';

interface Listed {
  readonly runs: readonly { readonly id: string; readonly state: string; readonly kind: string }[];
}

let ground: CliGround;
beforeAll(async () => {
  ground = await startCliGround();
  ground.write();
});
afterAll(() => ground.close());

test('before anything ran the list is empty, and says what would be first', async () => {
  const { code, stdout, stderr } = await ground.run(['runs']);
  expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
  expect(stderr).toBe('Nothing ran yet: `logferry run <source>` collects once.\n');
  expect(JSON.parse((await ground.run(['runs', '--json'])).stdout)).toEqual({ runs: [] });
});

test('runs are listed newest first, with how they ended, and one can be viewed', async () => {
  ground.putEvents(4);
  await ground.run(['run', 'logs']);
  ground.endpoint.faults.add({ kind: 'deny', action: 'FilterLogEvents' });
  await ground.run(['run', 'logs']);
  ground.endpoint.faults.clear();

  const list = await ground.run(['runs', 'list']);
  const [head, failed, succeeded] = list.stdout.split('\n');
  expect(head).toMatch(/^RUN +STATE +KIND +SOURCE +BEGAN +TOOK +COUNTS$/);
  expect(failed).toMatch(/ failed +collect +logs /);
  expect(succeeded).toMatch(/ succeeded +collect +logs .* fetched 4 .* delivered datakit 4$/);

  const { runs } = JSON.parse((await ground.run(['runs', 'list', '--json', '-n', '1'])).stdout) as Listed;
  expect(runs).toMatchObject([{ state: 'failed', kind: 'collect' }]);
  const id = runs[0]?.id ?? '';
  const view = await ground.run(['runs', 'view', id]);
  expect(view).toMatchObject({ code: 0, stderr: '' });
  expect(view.stdout).toMatch(/^state +failed$/m);
  expect(view.stdout).toMatch(/^error +logs:FilterLogEvents on \/ecs\/app .* \(AWS_DENIED\)$/m);
  expect((await ground.run(['runs', 'view', id, '--exit-status'])).code).toBe(1);
  expect((await ground.run(['runs', 'watch', id, '--json'])).stdout).toContain('"state":"failed"');
});

test('a run that is not there ends with 2', async () => {
  const { code, stderr } = await ground.run(['runs', 'view', 'nothing']);
  expect(stderr).toContain('error RUN_NOT_FOUND There is no run nothing.');
  expect(code).toBe(2);
});
