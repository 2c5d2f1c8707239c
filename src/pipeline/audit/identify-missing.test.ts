import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LogRecord } from '../../record/log-record.ts';
import { idHash } from '../../source-kit/seen-ids.ts';
import { compareMinute } from './compare-minute.ts';
import { FoundEvents, MAX_FOUND } from './found-events.ts';
import { identifyMissing, type KeptEvents } from './identify-missing.ts';

const MINUTE = Date.UTC(2026, 10, 23, 12);

/** Events as they are read: by their own time; every fifth comes in late, and streams take turns. */
const events: readonly LogRecord[] = Array.from({ length: 300 }, (_, n) => ({
  id: `event ${n}`,
  timestampMillis: MINUTE + n * 100,
  ingestedMillis: MINUTE + n * 100 + (n % 5 === 0 ? 7_200_000 + ((n * 7919) % 60_000) : (n * 31) % 900),
  message: 'm',
  origin: { source: 's', tags: { log_stream: `stream ${(n * n) % 7}` } },
}));

const foundOf = (records: readonly LogRecord[]) => {
  const found = new FoundEvents();
  found.add(records);
  return found;
};
const keptOf = (records: readonly LogRecord[]): KeptEvents => ({
  events: records.length,
  fingerprint: records.reduce((sum, { id }) => sum ^ idHash(id), 0n),
});
const NOTHING = keptOf([]);

/** The ids that are said to be missing, when these were not read. */
function said(missing: ReadonlySet<LogRecord>): readonly string[] | undefined {
  const indexes = identifyMissing(foundOf(events), keptOf(events.filter((one) => !missing.has(one))));
  return indexes?.map((index) => events[index]?.id ?? '').toSorted();
}
const idsOf = (records: Iterable<LogRecord>) => [...records].map(({ id }) => id).toSorted();

describe('which events a minute lacks is told', () => {
  test('when they are those that came in last', () => {
    const late = events.filter(
      ({ timestampMillis, ingestedMillis }) => ingestedMillis - timestampMillis > 3_600_000,
    );
    expect(said(new Set(late))).toEqual(idsOf(late));
    expect(late.length).toBe(60);
  });

  test('when they came in one after the other and were not shown for a while', () => {
    const byIngestion = events.toSorted((a, b) => a.ingestedMillis - b.ingestedMillis);
    const hidden = byIngestion.slice(40, 111);
    expect(said(new Set(hidden))).toEqual(idsOf(hidden));
  });

  test('when they are the whole of a stream, or a stretch of it', () => {
    const stream = events.filter(({ origin }) => origin.tags['log_stream'] === 'stream 2');
    expect(said(new Set(stream))).toEqual(idsOf(stream));
    expect(said(new Set(stream.slice(5, 20)))).toEqual(idsOf(stream.slice(5, 20)));
  });

  test('when it is any one, any two, or all of them', () => {
    expect(said(new Set(events))).toEqual(idsOf(events));
    const index = fc.integer({ min: 0, max: events.length - 1 });
    fc.assert(
      fc.property(fc.uniqueArray(index, { minLength: 1, maxLength: 2 }), (indexes) => {
        const missing = indexes.map((at) => events[at] as LogRecord);
        expect(said(new Set(missing))).toEqual(idsOf(missing));
      }),
    );
  });

  test('still after the first of them were repaired', () => {
    const late = events.filter(
      ({ timestampMillis, ingestedMillis }) => ingestedMillis - timestampMillis > 3_600_000,
    );
    const found = foundOf(events);
    const order = identifyMissing(found, keptOf(events.filter((one) => !late.includes(one)))) ?? [];
    const repaired = new Set(order.slice(0, 25).map((index) => events[index] as LogRecord));
    const rest = late.filter((one) => !repaired.has(one));
    expect(said(new Set(rest))).toEqual(idsOf(rest));
  });
});

test('any set of missing events is told rightly or not at all', () => {
  fc.assert(
    fc.property(fc.subarray([...events], { minLength: 3 }), (missing) => {
      const told = said(new Set(missing));
      if (told !== undefined) expect(told).toEqual(idsOf(missing));
    }),
  );
});

test('without a fingerprint nothing is guessed', () => {
  expect(identifyMissing(foundOf(events), { events: 299, fingerprint: undefined })).toBeUndefined();
});

describe('a minute', () => {
  const found = foundOf(events);

  test('is complete when the same events are found, whoever has read them', () => {
    const [some, rest] = [events.slice(0, 100), events.slice(100)];
    expect(compareMinute(found, { live: keptOf(events), all: keptOf(events) })).toEqual({ kind: 'complete' });
    expect(compareMinute(found, { live: keptOf(rest), all: keptOf([...some, ...rest]) })).toEqual({
      kind: 'complete',
    });
    // A backfill that was asked to read again counted all of it a second time.
    const twice = { events: 600, fingerprint: 0n };
    expect(compareMinute(found, { live: keptOf(events), all: twice })).toEqual({ kind: 'complete' });
  });

  test('is complete by its count alone when fingerprints are no longer kept', () => {
    const kept = { events: 300, fingerprint: undefined };
    expect(compareMinute(found, { live: kept, all: kept })).toEqual({ kind: 'complete' });
  });

  test.each([
    ['as many, but other ones', { events: 300, fingerprint: 7n }, 'other_events'],
    ['fewer than were read', { events: 301, fingerprint: 7n }, 'fewer_found'],
  ])('of which there are %s is not compared', (_name, kept, reason) => {
    expect(compareMinute(found, { live: kept, all: kept })).toEqual({ kind: 'not_comparable', reason });
  });

  test('that a backfill read again, and that lacks events, is not compared', () => {
    const live = keptOf(events.slice(1));
    const all = { events: 598, fingerprint: 0n };
    expect(compareMinute(found, { live, all })).toEqual({ kind: 'not_comparable', reason: 'read_again' });
  });

  test('of which nothing was read lacks everything', () => {
    const comparison = compareMinute(found, { live: NOTHING, all: NOTHING });
    expect(comparison).toMatchObject({ kind: 'missing', kept: NOTHING });
    expect(comparison.kind === 'missing' && comparison.indexes).toHaveLength(300);
  });
});

test('events that come again while a minute is read count once, and too many are not held', () => {
  const found = foundOf(events);
  expect(found.add(events)).toBe(true);
  expect([found.count, found.fingerprint]).toEqual([300, keptOf(events).fingerprint]);
  const many = Array.from({ length: MAX_FOUND }, () => events[0] as LogRecord);
  expect(found.add(many)).toBe(false);
  expect(found.count).toBe(300);
});
