/** Sealed minutes are counted again: what they lack is found and added, once; what only looks so is left alone. */
import { expect, onTestFinished, test } from 'vitest';
import { DemoFleet } from '../../src/demo/fleet/demo-fleet.ts';
import type { AuditOutcome } from '../../src/pipeline/audit/audit-minute.ts';
import { reportCoverage } from '../../src/pipeline/coverage/coverage-report.ts';
import {
  COMPLETE,
  GROUP,
  MINUTE,
  REGION,
  START,
  STREAM,
  startTwoWays,
  type TwoWaysOptions,
} from './eight-losses/testing/two-ways.ts';

const HOUR = 60 * MINUTE;
const OTHER_STREAM = 'ecs/demo/fedcba9876543210fedcba9876543210';
const signal = AbortSignal.timeout(120_000);

/** Reading of a few minutes with ten events each in two streams, three hours ago: all of it is sealed. */
async function sealedMinutes(options: TwoWaysOptions & { readonly hidden?: (n: number) => boolean } = {}) {
  const ways = await startTwoWays(options);
  onTestFinished(ways.close);
  const { world, logferry } = ways;
  // Lines that are held to be joined wait for a while.
  const ticking = setInterval(() => void ways.advance(500), 20);
  onTestFinished(() => clearInterval(ticking));
  for (let n = 0; n < 60; n++) {
    const timestampMillis = START - MINUTE + n * 5000;
    const isHidden = options.hidden?.(n) === true;
    world.putEvents(REGION, GROUP, n % 2 === 0 ? STREAM : OTHER_STREAM, [
      {
        timestampMillis,
        message: `event ${n}`,
        ingestedMillis: timestampMillis + 700,
        ...(isHidden && { visibleAtMillis: START + 2 * HOUR }),
      },
    ]);
  }
  for (let passed = 0; passed < 3 * HOUR; passed += 10 * MINUTE) {
    await logferry.collect();
    ways.pass(10 * MINUTE);
  }
  await logferry.run();
  clearInterval(ticking);
  const auditor = logferry.engine().pipeline.auditor({ everyMillis: MINUTE, repair: true });
  return {
    ...ways,
    auditor,
    /** Counts again until there is no more reason to follow up a finding: a minute that is drawn is the first one. */
    followUp: async () => {
      const seen = new Map<number, AuditOutcome>();
      for (;;) {
        const audited = await auditor.auditNext(signal);
        if (audited === undefined || seen.has(audited.minuteMillis)) return [...seen.values()];
        seen.set(audited.minuteMillis, audited.outcome);
      }
    },
    coverage: async () => {
      const now = ways.now();
      const request = {
        fromMillis: START - HOUR,
        toMillis: now,
        sources: ['logs'],
        maxCells: 100,
        limit: 10,
      };
      const { partitions } = await reportCoverage(logferry.engine().store, request, now);
      return partitions[0];
    },
  };
}

test('events that came later than max_lateness are found, with their neighbours, and added once', async () => {
  const { world, logferry, pass, now, auditor, followUp, coverage } = await sealedMinutes();
  for (let n = 0; n < 24; n++)
    world.putEvents(REGION, GROUP, STREAM, [
      { timestampMillis: START - MINUTE + n * 7000, message: `too late ${n}`, ingestedMillis: now() },
    ]);
  pass(10 * MINUTE);
  await logferry.run();
  expect(logferry.result().file).toMatchObject({ lost: 24, twice: 0 });

  const outcomes = await followUp();
  expect(outcomes.slice(0, 3)).toEqual(
    [9, 9, 6].map((missing) => ({ kind: 'missing', way: 'by_stream', kept: 12, missing, repaired: missing })),
  );
  expect(outcomes[3]).toEqual({ kind: 'complete', way: 'by_stream', events: 12 });
  await logferry.run();
  expect(logferry.result()).toEqual(COMPLETE);

  // After a restart too nothing is missing, and nothing is added again.
  await logferry.stop();
  await logferry.start();
  await logferry.run();
  const again = logferry.engine().pipeline.auditor({ everyMillis: MINUTE, repair: true });
  expect(await again.auditNext(signal)).toMatchObject({ outcome: { kind: 'complete', events: 21 } });
  await logferry.run();
  expect(logferry.result()).toEqual(COMPLETE);
  expect(await auditor.auditNext(signal)).toBeDefined();
  const audits = (await coverage())?.audits;
  expect(audits?.findings.map(({ missing, repaired }) => [missing, repaired])).toEqual([
    [9, 9],
    [9, 9],
    [6, 6],
  ]);
}, 60_000);

test('events that were not shown when their minute was sealed are found where that can be proved, and told where not', async () => {
  const contiguous = await sealedMinutes({ hidden: (n) => n === 2 || n === 3 || n === 4 });
  const [repaired] = await contiguous.followUp();
  expect(repaired).toMatchObject({ kind: 'missing', missing: 3, repaired: 3 });
  await contiguous.logferry.run();
  expect(contiguous.logferry.result()).toEqual(COMPLETE);

  const scattered = await sealedMinutes({ hidden: (n) => n === 1 || n === 4 || n === 7 || n === 8 });
  const [told] = await scattered.followUp();
  expect(told).toMatchObject({ kind: 'missing', missing: 4, repaired: 0, because: 'unidentified' });
  await scattered.logferry.run();
  expect(scattered.logferry.result().file).toMatchObject({ lost: 4, twice: 0 });
  expect((await scattered.coverage())?.audits?.findings).toMatchObject([{ missing: 4, repaired: 0 }]);
}, 60_000);

test('what is filtered, joined and dropped is nothing missing', async () => {
  const filtered = await sealedMinutes({
    source: { type: 'cloudwatch_logs', log_groups: [GROUP], start_from: '-1m', filter_pattern: '"event 1"' },
  });
  expect((await filtered.auditor.auditNext(signal))?.outcome).toMatchObject({
    kind: 'complete',
    way: 'read_again',
  });
  const prefixed = await sealedMinutes({
    source: { type: 'cloudwatch_logs', log_groups: [GROUP], start_from: '-1m', log_stream_prefix: STREAM },
    transforms: { tidy: { inputs: ['logs'], multiline: { start: 'event [0-9]0' }, drop: '"event 3"' } },
  });
  expect((await prefixed.auditor.auditNext(signal))?.outcome).toEqual({
    kind: 'complete',
    way: 'by_stream',
    events: 6,
  });
}, 60_000);

test('containers that are not selected and log to the same group are nothing missing; nor is what was read under another selection', async () => {
  const group = '/ecs/worker';
  const ways = await startTwoWays({
    groups: [group],
    fill: (world, clock) => new DemoFleet({ world, clock, seed: 1, startMillis: START }).backfill(),
    source: {
      type: 'aws_ecs',
      discover: { services: ['worker'], containers: ['jobs'] },
      start_from: '-1h',
    },
  });
  onTestFinished(ways.close);
  const { world, logferry, pass } = ways;
  const streams = [...new Set(world.events(REGION, group).map(({ stream }) => stream))];
  expect(streams.length).toBeGreaterThan(1);
  for (const stream of streams)
    world.putEvents(REGION, group, stream, [
      { timestampMillis: START + 1, message: 'a' },
      { timestampMillis: START + MINUTE, message: 'b' },
    ]);
  for (let passed = 0; passed < 2 * HOUR; passed += 10 * MINUTE) {
    await logferry.collect();
    pass(10 * MINUTE);
  }
  await logferry.collect();
  const { pipeline, store } = logferry.engine();
  const auditor = pipeline.auditor({ everyMillis: MINUTE, repair: true });
  const audited = await auditor.auditNext(signal);
  // The first minute that was read wholly under this selection, although reading began an hour before it.
  expect(audited).toMatchObject({
    minuteMillis: START,
    outcome: { kind: 'complete', way: 'by_stream' },
  });
  const inMinute = world
    .events(REGION, group)
    .filter(({ timestampMillis: at }) => at >= START && at < START + MINUTE);
  const selected = audited?.outcome.kind === 'complete' ? audited.outcome.events : 0;
  expect(selected).toBeGreaterThan(0);
  expect(selected).toBeLessThan(inMinute.length);
  const [stored] = await store.list('logs|');
  expect(stored?.checkpoint.coveredFromMillis).toBeLessThan(START);
});

test('where streams may not be asked, minutes are counted by reading them again', async () => {
  const { endpoint, auditor } = await sealedMinutes();
  endpoint.faults.add({ kind: 'deny', action: 'GetLogEvents' });
  expect((await auditor.auditNext(signal))?.outcome).toEqual({
    kind: 'complete',
    way: 'read_again',
    events: 12,
  });
});

test('without repair it is only told', async () => {
  const { world, logferry, now } = await sealedMinutes();
  world.putEvents(REGION, GROUP, STREAM, [
    { timestampMillis: START - MINUTE, message: 'too late', ingestedMillis: now() - 1000 },
  ]);
  const auditor = logferry.engine().pipeline.auditor({ everyMillis: MINUTE, repair: false });
  expect((await auditor.auditNext(signal))?.outcome).toMatchObject({
    kind: 'missing',
    missing: 1,
    repaired: 0,
    because: 'repair_off',
  });
  await logferry.run();
  expect(logferry.result().file).toMatchObject({ lost: 1 });
});
