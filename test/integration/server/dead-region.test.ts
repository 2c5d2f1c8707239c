import { expect, test } from 'vitest';
import { file, getJson, postJson, source, startGround } from './testing/server-ground.ts';

const SLOW = { timeout: 9000 };
const [ALIVE, DEAD] = ['us-east-1', 'eu-west-1'];
const DEAD_GROUPS = Array.from({ length: 30 }, (_, n) => `/ecs/dead-${n}`);

test('a Region that does not answer, and a backfill that waits for it, hold up no other', async () => {
  const ground = await startGround();
  for (const name of DEAD_GROUPS) ground.world.createLogGroup({ region: DEAD, name });
  ground.endpoint.faults.add({ kind: 'hang', action: 'FilterLogEvents', region: DEAD });
  const regions = { log_groups: ['/ecs/*'], regions: [ALIVE, DEAD], exclude: ['/ecs/b'] };
  ground.write({
    sources: { all: { ...source('/ecs/a'), ...regions } },
    destinations: { out: file('out.ndjson', ['all']) },
  });
  const server = await ground.start();
  const hour = 3_600_000;
  const range = { fromMillis: Date.now() - 5 * hour, toMillis: Date.now() - 2 * hour };
  await postJson(server, '/api/v1/runs', { kind: 'backfill', source: 'all', ...range });
  for (let round = 1; round <= 3; round++) {
    ground.put('/ecs/a', 2);
    await expect.poll(() => ground.written('out.ndjson').length, SLOW).toBe(2 * round);
  }
  const { body } = await getJson<{ budgets: { region: string; api: string; underWay: number }[] }>(
    server,
    '/api/v1/status',
  );
  const dead = body.budgets.find(({ region, api }) => region === DEAD && api === 'FilterLogEvents');
  expect(dead?.underWay).toBeGreaterThan(0);
  expect(dead?.underWay).toBeLessThanOrEqual(12);
});
