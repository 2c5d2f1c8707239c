import { expect, test } from 'vitest';
import type { AwsAccounts } from '../../aws/aws-account.ts';
import type { Partition, PullSource } from '../../contracts/pull-source.ts';
import { explain } from './explain-service.ts';

const GROUP = '/ecs/app';

/** A log group whose requests never get their turn, as while a full spool keeps all of them. */
const partition = {
  key: `logs|arn:aws:logs:us-east-1:123456789012:log-group:${GROUP}`,
  title: `${GROUP} (us-east-1)`,
  // oxlint-disable-next-line require-yield
  async *inspect(_inspection: unknown, signal: AbortSignal) {
    await new Promise((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    });
  },
} as unknown as Partition;

const source = {
  collect: { maxLatenessMillis: 3_600_000 },
  discover: async () => ({ partitions: [partition], skipped: [], warnings: [] }),
} as unknown as PullSource;

test('where reading keeps all requests, who asks is told so in time, and what to look at', async () => {
  const topology = {
    sources: [{ id: 'logs', source }],
    transforms: [],
    destinations: [],
    release: () => [],
    accounts: {} as AwsAccounts,
  };
  const asking = explain(
    { group: GROUP, fromMillis: 0, toMillis: 1000 },
    { topology, accountIds: [], store: undefined, nowMillis: 2000 },
    new AbortController().signal,
    50,
  );
  await expect(asking).rejects.toMatchObject({
    code: 'AWS_UNREACHABLE',
    hint: expect.stringContaining('spool'),
  });
});
