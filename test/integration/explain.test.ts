/** Why an event is missing, over the wire: each answer that there is, the service asked in this process. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Engine } from '../../src/app/engine.ts';
import { explain } from '../../src/app/explain/explain-service.ts';
import { loadProductConfig } from '../../src/app/load-product-config.ts';
import { noMetrics } from '../../src/contracts/metrics.ts';
import { FAULT_REPLIES } from '../../src/demo/datakit/faults.ts';
import { systemClock } from '../../src/foundation/clock.ts';
import { silentLogger } from '../../src/foundation/logger.ts';
import { noCounts } from '../../src/pipeline/slice-reader.ts';
import { type CliGround, GROUP, STREAM, startCliGround } from './cli/testing/cli-ground.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const OTHER = 'other/web/fedcba9876543210fedcba9876543210';

let ground: CliGround;
let engine: Engine;
const at = (agoMillis: number) => Date.now() - agoMillis;
const put = (message: string, timestampMillis: number, more: object = {}, stream = STREAM, group = GROUP) =>
  ground.world.putEvents(ground.region, group, stream, [{ timestampMillis, message, ...more }])[0] ?? '';

beforeAll(async () => {
  ground = await startCliGround();
  ground.world.createLogGroup({ region: ground.region, name: '/ecs/nobody-reads' });
  ground.world.createLogGroup({
    region: ground.region,
    name: '/ecs/archive',
    logGroupClass: 'INFREQUENT_ACCESS',
  });
  ground.write({
    sources: {
      logs: {
        type: 'cloudwatch_logs',
        account: 'test',
        log_groups: [GROUP, '/ecs/archive', '/ecs/strict'],
        start_from: '-6h',
      },
      strict: {
        type: 'cloudwatch_logs',
        account: 'test',
        log_groups: ['/ecs/strict*'],
        log_stream_prefix: 'app/',
        start_from: '-6h',
      },
    },
    transforms: { tidy: { inputs: ['logs'], multiline: 'java', drop: '"GET /health"' } },
    destinations: {
      file: { type: 'file', inputs: ['tidy', 'strict'], path: 'out.ndjson' },
      datakit: { type: 'datakit', inputs: ['tidy'], url: ground.datakit.url, linger: '0s' },
    },
  });
  const deps = {
    clock: systemClock,
    random: { next: () => 0 },
    logger: silentLogger,
    metrics: noMetrics,
    env: {},
  };
  engine = await Engine.open(await loadProductConfig(join(ground.dir, 'logferry.yaml'), {}), deps, 'test');
});
afterAll(async () => {
  await engine.close(0);
  await ground.close();
});

const signal = AbortSignal.timeout(120_000);

const SLOW = { timeout: 20_000, interval: 50 };

async function ofDatakit() {
  const { destinations } = await engine.pipeline.status();
  const { waitingRecords, deadLetters } = destinations.find(({ id }) => id === 'datakit')?.waiting ?? {};
  return { waitingRecords, deadLetters };
}

async function collect(source: string): Promise<void> {
  await engine.pipeline.collectOnce(source, noCounts(), signal);
  await engine.pipeline.drain(signal);
}

async function explained(group: string, fromMillis: number, text?: string, toMillis = fromMillis) {
  const { components: topology, store } = engine;
  const deps = { topology, accountIds: ['test'], store, nowMillis: Date.now() };
  return await explain({ group, fromMillis, toMillis, ...(text !== undefined && { text }) }, deps, signal);
}

describe('before anything was read', () => {
  test('an event that is there waits for its first read', async () => {
    const when = at(2 * HOUR);
    put('early bird', when);
    expect(await explained(GROUP, when)).toMatchObject({
      verdict: 'before_start',
      partitions: [{ state: 'unread', found: 1, read: 0 }],
    });
  });
});

describe('after a collection', () => {
  const times = new Map<string, number>();
  const ids = new Map<string, string>();
  beforeAll(async () => {
    const write = (name: string, agoMillis: number, message = name) => {
      times.set(name, at(agoMillis));
      ids.set(name, put(message, times.get(name) ?? 0));
    };
    write('delivered line', 3 * HOUR);
    write('dropped line', 3 * HOUR + 60_000, 'GET /health 200 dropped line');
    write('trace', 3 * HOUR + 120_000, 'java.lang.IllegalStateException: trace');
    write('frame', 3 * HOUR + 119_999, '\tat com.example.Shop.frame(Shop.java:12)');
    write('after', 3 * HOUR + 119_000, 'after the trace');
    write('ancient line', 5 * HOUR + 50 * MINUTE);
    ground.world.createLogGroup({ region: ground.region, name: '/ecs/strict' });
    times.set('not for strict', at(90 * MINUTE));
    put('not for strict', times.get('not for strict') ?? 0, {}, OTHER, '/ecs/strict');
    await collect('logs');
    await collect('strict');
  });
  const explainNamed = (name: string) => explained(GROUP, times.get(name) ?? 0);

  test('what was read and taken is delivered', async () => {
    const explanation = await explainNamed('delivered line');
    expect(explanation).toMatchObject({
      verdict: 'delivered',
      partitions: [{ source: 'logs', state: 'sealed', found: 1, read: 1 }],
    });
    expect(explanation.partitions[0]?.events[0]).toMatchObject({
      id: ids.get('delivered line'),
      fate: { kind: 'read', destinations: { file: { kind: 'passed' }, datakit: { kind: 'passed' } } },
    });
  });

  test('what a transform drops is dropped by it, with its reason', async () => {
    const { verdict, summary, next } = await explainNamed('dropped line');
    expect(verdict).toBe('dropped');
    expect(summary).toMatch(/^It was read\. For "file" it is dropped by "tidy" \((?!unknown).+\)\./);
    expect(next).toBe('Change "tidy" in the configuration if that is not wanted.');
  });

  test('a line of a stack trace is found in the record that it was joined into', async () => {
    expect((await explainNamed('frame')).partitions[0]?.events[0]).toMatchObject({
      fate: {
        kind: 'read',
        joinedInto: { id: ids.get('trace'), component: 'tidy' },
        destinations: { file: { kind: 'passed' } },
      },
    });
    expect((await explainNamed('after')).partitions[0]?.events[0]?.fate).not.toHaveProperty('joinedInto');
  });

  test('what came in later than max_lateness, what is not shown yet, and what was never written are told apart', async () => {
    const late = at(4 * HOUR);
    put('much too late', late, { ingestedMillis: Date.now() - 1000 });
    expect(await explained(GROUP, late)).toMatchObject({
      verdict: 'too_late',
      summary: expect.stringContaining('later than max_lateness (1h)') as string,
      next: expect.stringMatching(/logferry backfill logs --from .* --again/) as string,
    });
    const open = at(20 * MINUTE);
    put('a little late', open, { ingestedMillis: Date.now() - 1000 });
    expect(await explained(GROUP, open)).toMatchObject({ verdict: 'not_yet' });
    const none = await explained(GROUP, at(4 * HOUR + 1000), 'never written');
    expect(none).toMatchObject({ verdict: 'not_in_cloudwatch', partitions: [{ found: 0 }] });
    expect(none.next).toContain('awslogs in non-blocking mode');
  });

  test('a text that is at another time is found there', async () => {
    const when = times.get('delivered line') ?? 0;
    const { verdict, summary } = await explained(GROUP, when - 2 * HOUR, 'delivered line');
    expect(verdict).toBe('not_in_cloudwatch');
    expect(summary).toContain(`but one at ${new Date(when).toISOString()}, 2h away`);
  });

  test('what is from before reading began can be fetched', async () => {
    const before = at(7 * HOUR);
    put('prehistoric', before);
    expect(await explained(GROUP, before)).toMatchObject({
      verdict: 'before_start',
      next: expect.stringMatching(/^Fetch it: logferry backfill logs --from /) as string,
    });
  });

  test('a filter of the source leaves out what another source reads', async () => {
    const { partitions } = await explained('/ecs/strict', times.get('not for strict') ?? 0);
    const fates = Object.fromEntries(partitions.map(({ source, events }) => [source, events[0]?.fate]));
    expect(fates['strict']).toEqual({ kind: 'filtered', filter: 'streams that begin with "app/"' });
    expect(fates['logs']).toMatchObject({ kind: 'read' });
  });

  test('what waits for a destination that is down is told with what to do', async () => {
    await ground.datakit.refuse();
    const when = at(10 * MINUTE);
    put('waits for datakit', when);
    await collect('logs');
    const waiting = await explained(GROUP, when);
    expect(waiting).toMatchObject({
      verdict: 'several',
      next: 'See whether "datakit" takes records: logferry check datakit',
    });
    expect(waiting.partitions[0]?.events[0]?.fate).toMatchObject({
      destinations: { file: { kind: 'passed' }, datakit: { kind: 'waiting', before: 1 } },
    });
    await ground.datakit.accept();
    await expect.poll(ofDatakit, SLOW).toEqual({ waitingRecords: 0, deadLetters: 0 });
  });

  test('what a destination refused for good is a dead letter, with the reason', async () => {
    ground.datakit.faults.add({ kind: 'reply', reply: FAULT_REPLIES.badPoint });
    const when = at(5 * MINUTE);
    put('refused by datakit', when);
    await collect('logs');
    await expect.poll(ofDatakit, SLOW).toEqual({ waitingRecords: 0, deadLetters: 1 });
    ground.datakit.faults.clear();
    const { partitions, next } = await explained(GROUP, when);
    expect(partitions[0]?.events[0]).toMatchObject({
      fate: { destinations: { datakit: { kind: 'dead_letter', letterId: 1 } } },
      summary: expect.stringContaining('"datakit" refused it for good: it is dead letter 1 (') as string,
    });
    expect(next).toContain('logferry dead-letters send datakit');
  });
});

describe('a log group', () => {
  test('that no source reads, that cannot be read, and that is not there at all are told apart', async () => {
    expect(await explained('/ecs/nobody-reads', at(10 * MINUTE))).toMatchObject({
      verdict: 'group_not_read',
      summary: '/ecs/nobody-reads is there (us-east-1 of account test), but no source reads it.',
    });
    expect(await explained('/ecs/archive', at(10 * MINUTE))).toMatchObject({
      verdict: 'group_not_read',
      summary: expect.stringContaining('INFREQUENT_ACCESS') as string,
    });
    expect(await explained('/ecs/ap', at(10 * MINUTE))).toMatchObject({ group: '/ecs/ap' });
    expect(await explained('/ecs/apq', at(10 * MINUTE))).toMatchObject({
      verdict: 'group_unknown',
      summary: expect.stringContaining('Did you mean "/ecs/app"?') as string,
    });
  });

  test('of which only a part is named is found, as long as no other has it', async () => {
    expect((await explained('app', at(10 * MINUTE))).partitions[0]?.title).toBe(`${GROUP} (us-east-1)`);
    await expect(explained('/ecs/', at(10 * MINUTE))).rejects.toThrow(
      'is a part of the names of 2 log groups',
    );
  });
});
