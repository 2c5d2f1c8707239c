import { expect, test } from 'vitest';
import type { NamedBudgetStatus } from '../../../src/aws/budget/request-budgets.ts';
import { file, GROUPS, getJson, REGION, source, startGround } from './testing/server-ground.ts';

const [A] = GROUPS;
const SLOW = { timeout: 9000 };

test('the status shows the request budget of each account, Region and API: rate, who waits, what was throttled', async () => {
  const ground = await startGround();
  ground.write({ sources: { a: source(A) }, destinations: { out: file('out.ndjson', ['a']) } });
  ground.endpoint.faults.add({ kind: 'throttle', action: 'FilterLogEvents', times: 1 });
  const server = await ground.start();
  ground.put(A, 3);
  await expect.poll(() => ground.written('out.ndjson').length, SLOW).toBe(3);
  const { body } = await getJson<{ budgets: NamedBudgetStatus[] }>(server, '/api/v1/status');
  const budget = body.budgets.find(({ api }) => api === 'FilterLogEvents');
  expect(budget).toMatchObject({
    account: 'test',
    region: REGION,
    ceilingPerSecond: 1000,
    waiting: { expiring: 0, live: 0, sweep: 0, backfill: 0 },
    throttled: 1,
  });
  expect(budget?.requestsPerSecond).toBe(500);
  expect(body.budgets.map(({ api }) => api)).toContain('DescribeLogGroups');
});
