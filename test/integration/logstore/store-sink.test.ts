import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createPrometheusMetrics } from '../../../src/app/prometheus-metrics.ts';
import type { Sink } from '../../../src/contracts/sink.ts';
import {
  DAY,
  EVERYTHING,
  HOUR,
  idsOf,
  logRecord,
  soon,
} from '../../../src/contracts/testing/log-store/log-store-steps.ts';
import { sinkSuite } from '../../../src/contracts/testing/sink-suite.ts';
import { systemClock } from '../../../src/foundation/clock.ts';
import { silentLogger } from '../../../src/foundation/logger.ts';
import { systemRandom } from '../../../src/foundation/random.ts';
import { type ChdbLogStore, createChdbLogStore } from '../../../src/logstore/chdb/chdb-log-store.ts';
import { store as definition } from '../../../src/sinks/store/definition.ts';

interface Made {
  readonly sink: Sink;
  readonly logStore: ChdbLogStore;
  readonly metrics: ReturnType<typeof createPrometheusMetrics>;
  readonly remove: () => Promise<void>;
}

function make(options: object = {}): Made {
  const dir = mkdtempSync(join(tmpdir(), 'logferry-store-sink-'));
  const metrics = createPrometheusMetrics();
  const parts = { clock: systemClock, random: systemRandom, logger: silentLogger };
  const logStore = createChdbLogStore({ dir: join(dir, 'store'), ...parts });
  const context = { ...parts, id: 'local', metrics, dataDir: dir, logStore: () => logStore };
  return {
    sink: definition.create(definition.options.parse(options), context),
    logStore,
    metrics,
    remove: async () => {
      await logStore.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

// oxlint-disable-next-line require-await -- other destinations are servers that have to start
sinkSuite(async () => {
  // What the suite writes is of different years.
  const { sink, logStore, remove } = make({ retention: '3650d' });
  return {
    sink,
    arrived: async () => (await logStore.search(EVERYTHING, soon())).records.map(({ record }) => record),
    dispose: remove,
  };
});

let made: Made;

beforeEach(() => {
  made = make({ retention: '2d' });
});

afterEach(async () => {
  await made.sink.close();
  await made.remove();
});

const write = (ids: readonly string[], millis = Date.now(), redelivery = false) =>
  made.sink.write(
    { id: ids.join(), records: ids.map((id) => logRecord(id, millis)), redelivery },
    new AbortController().signal,
  );

test('what comes again is there once', async () => {
  const now = Date.now();
  await write(['a', 'b'], now);
  await write(['a', 'b', 'c'], now, true);
  expect(await idsOf(made.logStore)).toEqual(['a', 'b', 'c']);
});

test('an engine that dies is "try later", and later it is delivered', async () => {
  await made.logStore.usage(soon());
  const pid = (await made.logStore.enginePid()) ?? 0;
  const writing = write(['a']);
  process.kill(pid, 'SIGKILL');
  const outcome = await writing;
  if (outcome.kind !== 'delivered')
    expect(outcome).toMatchObject({ kind: 'retry', reason: 'store_failed', mayHaveArrived: true });
  expect((await write(['a'], Date.now(), true)).kind).toBe('delivered');
});

test('a store that was closed is "try later" with the reason, and its check fails with what to do', async () => {
  await made.logStore.close();
  expect(await write(['a'])).toMatchObject({
    kind: 'retry',
    reason: 'store_failed',
    detail: 'The log store was closed.',
  });
  expect(await made.sink.check(soon())).toMatchObject([{ status: 'failed', code: 'STORE_FAILED' }]);
});

test('its check tells how much it holds', async () => {
  await write(['a', 'b']);
  expect(await made.sink.check(soon())).toMatchObject([
    { status: 'ok', detail: expect.stringMatching(/^2 records, .* on disk$/) as string },
  ]);
});

test('from the opening on it keeps its bounds, and counts what it removed', async () => {
  await write(['old', 'older'], Date.now() - 3 * DAY);
  await write(['new'], Date.now() - HOUR);
  await made.sink.open(new AbortController().signal);
  await expect.poll(() => idsOf(made.logStore), { timeout: 5000 }).toEqual(['new']);
  await expect.poll(() => made.metrics.render()).toContain('logferry_store_records{destination="local"} 1');
  const text = await made.metrics.render();
  expect(text).toContain('logferry_store_expired_records_total{destination="local",reason="age"} 2');
  expect(text).toMatch(/logferry_store_bytes\{destination="local"\} [1-9]/);
});
