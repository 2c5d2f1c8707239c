import { describe, expect, test } from 'vitest';
import type { Page, Partition, Recount } from '../../contracts/pull-source.ts';
import type { HourCounts } from '../../contracts/state-store.ts';
import { LogferryError } from '../../foundation/logferry-error.ts';
import type { LogRecord } from '../../record/log-record.ts';
import { firstCheckpoint } from '../../source-kit/checkpoint-progress.ts';
import { idHash } from '../../source-kit/seen-ids.ts';
import { auditMinute } from './audit-minute.ts';
import { MAX_FOUND } from './found-events.ts';

const MINUTE = Math.floor(Date.UTC(2026, 10, 23, 12) / 3_600_000) * 3_600_000;
const signal = new AbortController().signal;

const record = (n: number, more: Partial<LogRecord> = {}): LogRecord => ({
  id: `e${n}`,
  timestampMillis: MINUTE + n,
  ingestedMillis: MINUTE + n + 5,
  message: `m${n}`,
  origin: { source: 's', tags: { log_stream: 'a' } },
  ...more,
});
const records = (count: number) => Array.from({ length: count }, (_, n) => record(n));
/** As the streams show them: without the service's ids. */
const made = (list: readonly LogRecord[]) => list.map((one) => ({ ...one, id: `made-${one.id}` }));

interface World {
  kept: LogRecord[];
  /** Kept by a backfill. */
  backfilled?: readonly LogRecord[];
  /** What reading shows, and what the streams hold. */
  shown: readonly LogRecord[];
  streams: readonly LogRecord[] | Exclude<Recount, { kind: 'pages' }>['reason'] | Error;
  hours?: readonly HourCounts[];
}

function setUp(world: World) {
  const added: LogRecord[] = [];
  async function* pages(list: readonly LogRecord[]): AsyncGenerator<Page> {
    for (let at = 0; at === 0 || at < list.length; at += 3) {
      await Promise.resolve();
      const part = list.slice(at, at + 3);
      yield { records: part, events: part.length, serverMillis: MINUTE };
    }
  }
  const partition: Partition = {
    key: 'k',
    title: 'k',
    read: () => pages(world.shown),
    recount: () => {
      const { streams } = world;
      if (streams instanceof Error) return Promise.reject(streams);
      return Promise.resolve(
        typeof streams === 'string'
          ? { kind: 'impossible', reason: streams }
          : { kind: 'pages', pages: pages(streams) },
      );
    },
  };
  const hour = (kept: readonly LogRecord[]): HourCounts => ({
    hourStartMillis: MINUTE,
    byMinute: Array.from({ length: 60 }, (_, n) => (n === 0 ? kept.length : 0)),
    fingerprints: Array.from({ length: 60 }, (_, n) =>
      n === 0 ? kept.reduce((sum, { id }) => sum ^ idHash(id), 0n) : 0n,
    ),
  });
  const store = {
    list: () =>
      Promise.resolve(
        world.backfilled === undefined
          ? []
          : [{ key: 'k#backfill/r/0', revision: 1, checkpoint: firstCheckpoint(0, 0), transformStates: {} }],
      ),
    counts: (key: string) =>
      Promise.resolve(world.hours ?? [hour(key === 'k' ? world.kept : (world.backfilled ?? []))]),
  };
  const target = {
    partition,
    addMissing: async (
      _minute: object,
      list: readonly LogRecord[],
      isStillMissing: () => Promise<boolean>,
    ) => {
      if (!(await isStillMissing())) return false;
      added.push(...list);
      world.kept.push(...list);
      return true;
    },
  };
  return { added, target, audit: () => auditMinute(target, MINUTE, { store, repair: true }, signal) };
}

describe('a sealed minute', () => {
  test('is complete as soon as its streams hold as many events as were kept: nothing else is read', async () => {
    const { audit } = setUp({ kept: records(9), shown: [], streams: made(records(9)) });
    expect(await audit()).toEqual({ kind: 'complete', way: 'by_stream', events: 9 });
  });

  test('is complete when reading it again shows what was kept, whatever the streams do not show', async () => {
    for (const streams of [
      made(records(4)),
      'too_many_streams',
      new LogferryError('AWS_DENIED', 'no'),
    ] as const) {
      const { audit } = setUp({ kept: records(9), shown: records(9), streams });
      expect(await audit()).toEqual({ kind: 'complete', way: 'read_again', events: 9 });
    }
  });

  test('is complete with what a backfill read of it, and lacks what neither has', async () => {
    const parts = { kept: records(4), backfilled: records(9).slice(4) };
    const whole = setUp({ ...parts, shown: records(9), streams: 'denied' });
    expect(await whole.audit()).toMatchObject({ kind: 'complete' });
    const lacking = setUp({ ...parts, shown: records(11), streams: 'denied' });
    expect(await lacking.audit()).toMatchObject({ kind: 'missing', kept: 9, missing: 2, repaired: 2 });
    expect(lacking.added.map(({ id }) => id).toSorted()).toEqual(['e10', 'e9']);
  });

  test('lacks what its streams hold and reading it does not show; that is added as it stands there', async () => {
    const { audit, added } = setUp({ kept: records(7), shown: records(7), streams: made(records(9)) });
    expect(await audit()).toEqual({ kind: 'missing', way: 'by_stream', kept: 7, missing: 2, repaired: 2 });
    expect(added.map(({ id }) => id)).toEqual(['made-e7', 'made-e8']);
  });

  test('is not compared when the streams show other texts, or the same event more often', async () => {
    const masked = made(records(9)).map((one) => ({ ...one, message: '***' }));
    for (const streams of [masked, [...made(records(7)), ...made(records(2))]]) {
      const { audit, added } = setUp({ kept: records(7), shown: records(7), streams });
      expect(await audit()).toEqual({ kind: 'not_comparable', reason: 'other_content' });
      expect(added).toEqual([]);
    }
  });

  test('is left alone when it was changed after it was compared', async () => {
    const world: World = { kept: records(7), shown: records(9), streams: 'denied' };
    const { audit, added, target } = setUp(world);
    const { addMissing } = target;
    target.addMissing = async (...args) => {
      world.kept.push(record(8));
      return await addMissing(...args);
    };
    expect(await audit()).toMatchObject({ kind: 'missing', missing: 2, repaired: 0, because: 'changed' });
    expect(added).toEqual([]);
  });

  test('that lacks more than one commit adds gets all of it, each once', async () => {
    const all = records(12_000).map((one) => ({
      ...one,
      timestampMillis: MINUTE,
      ingestedMillis: MINUTE + 5,
    }));
    const { audit, added } = setUp({ kept: all.slice(0, 10), shown: all, streams: 'too_many_streams' });
    expect(await audit()).toMatchObject({ kind: 'missing', missing: 11_990, repaired: 11_990 });
    expect(new Set(added.map(({ id }) => id)).size).toBe(11_990);
  });

  test('that lacks large records is added to in parts that memory holds', async () => {
    const large = 'x'.repeat(3 * 1024 * 1024);
    const all = records(8).map((one) => ({ ...one, message: large }));
    const { audit, added, target } = setUp({ kept: [], shown: all, streams: 'denied' });
    const parts: number[] = [];
    const { addMissing } = target;
    target.addMissing = async (minute, list, isStillMissing) => {
      parts.push(list.length);
      return await addMissing(minute, list, isStillMissing);
    };
    expect(await audit()).toMatchObject({ missing: 8, repaired: 8 });
    expect(added).toHaveLength(8);
    expect(Math.max(...parts)).toBeLessThan(3);
  });

  test('of a log group in which nothing ever was is complete as long as nothing is found', async () => {
    const { audit } = setUp({ kept: [], shown: [], streams: 'denied', hours: [] });
    expect(await audit()).toEqual({ kind: 'complete', way: 'read_again', events: 0 });
  });

  test.each([
    ['of which no counts are kept', { hours: [] }, 'no_counts'],
    [
      'of very many events',
      {
        hours: [{ hourStartMillis: MINUTE, byMinute: Array.from({ length: 60 }, () => MAX_FOUND + 1) }],
      },
      'too_many_events',
    ],
  ])('%s is not compared', async (_name, more, reason) => {
    const { audit } = setUp({ kept: [], shown: records(3), streams: 'denied', ...more });
    expect(await audit()).toEqual({ kind: 'not_comparable', reason });
  });
});
