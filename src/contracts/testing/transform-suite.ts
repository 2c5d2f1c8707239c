/** What every transform owes, as tests. Run it from a test file beside the transform. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LogRecord, Origin } from '../../record/log-record.ts';
import type { Transform } from '../transform.ts';

const NOW = 1_760_000_000_000;
/** Nothing is held for longer, all waits together. */
const LONGEST_HELD_MILLIS = 3_600_000;

const NASTY: readonly string[] = [
  '',
  ' ',
  '\n',
  '\r\n',
  '\u0000',
  'nul \u0000 inside',
  '\ud800',
  'broken \udc00 surrogates \ud83d',
  '😀 emoji 👩‍👩‍👧‍👦 at the end 😀',
  '\u001b[31mERROR\u001b[0m in red\u001b[',
  'windows line\r\n',
  'two\nlines',
  '日志：错误',
  '{"level":"err',
  '{"level":{"level":[[[[["error"]]]]]}}',
  '{',
  '[',
  '<999999999999999999999>',
  'level=',
  'level="',
  '"'.repeat(5000),
  '\\'.repeat(5001),
  'a'.repeat(1_048_576),
  ' '.repeat(1_048_576),
  '\n'.repeat(1_048_576),
  ' \t\n'.repeat(300_000),
  `java.lang.Error: ${'x'.repeat(1_048_576)}`,
  '(('.repeat(50_000),
  '{"a":'.repeat(50_000),
  'a_'.repeat(100_000),
  'a@'.repeat(100_000),
  '1.'.repeat(100_000),
  '4111 1111 1111 '.repeat(50_000),
];

/** Lines that mean something to the one transform or the other, and lines that mean nothing. */
const TELLING: readonly string[] = [
  '2026-01-02 03:04:05.678 ERROR [main] c.e.App - it failed',
  '2026-01-02 03:04:05.678  INFO [main] c.e.App - it works',
  'java.lang.IllegalStateException: no connection',
  '\tat com.example.App.run(App.java:12)',
  'Caused by: java.io.IOException: reset',
  '\t... 23 more',
  'Traceback (most recent call last):',
  '  File "/app/main.py", line 3, in <module>',
  'ValueError: bad',
  '',
  'During handling of the above exception, another exception occurred:',
  '/app/server.js:42',
  '        ^',
  'TypeError: x is not a function',
  '    at run (/app/server.js:42:7) {',
  "  code: 'EX'",
  '}',
  'panic: runtime error: index out of range',
  'goroutine 1 [running]:',
  'main.main()',
  '\t/app/main.go:12 +0x1d',
  '{"level":"warn","msg":"disk"}',
  'GET /health HTTP/1.1',
  'password=hunter2',
  'just text',
  '  indented text',
];

const origins = ['a', 'b', 'c'].map(
  (stream): Origin => ({ source: 'app', tags: { log_group: '/ecs/app', log_stream: stream } }),
);

function toRecords(
  lines: readonly (readonly [message: string, stream: number, step: number])[],
): LogRecord[] {
  let at = NOW - 60_000;
  return lines.map(([message, stream, step], index) => {
    at += step;
    return {
      id: `id-${index}`,
      timestampMillis: at,
      ingestedMillis: at + 500,
      message,
      origin: origins[stream % origins.length] as Origin,
    };
  });
}

const line = fc.tuple(
  fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(...TELLING) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
    { weight: 1, arbitrary: fc.constantFrom(...NASTY.filter(({ length }) => length < 100)) },
  ),
  fc.nat(2),
  // Now and then a line comes late, or long after the one before.
  fc.oneof(
    { weight: 20, arbitrary: fc.constantFrom(0, 0, 1, 20) },
    { weight: 1, arbitrary: fc.constantFrom(-3000, 30_000) },
  ),
);
const lines = fc.array(line, { maxLength: 60 });

interface Totals {
  readonly kept: LogRecord[];
  readonly dropped: Record<string, number>;
  readonly failed: Record<string, number>;
}

/** Gives the batches one after the other, the state stored as JSON in between, then waits until nothing is held. */
function runThrough(transform: () => Transform, batches: readonly (readonly LogRecord[])[]): Totals {
  const totals: Totals = { kept: [], dropped: {}, failed: {} };
  let state: unknown;
  let nowMillis = NOW;
  const take = (records: readonly LogRecord[]): number | undefined => {
    const result = transform().apply(records, state, nowMillis);
    totals.kept.push(...result.kept);
    for (const [reason, count] of Object.entries(result.dropped))
      totals.dropped[reason] = (totals.dropped[reason] ?? 0) + count;
    for (const [reason, count] of Object.entries(result.failed))
      totals.failed[reason] = (totals.failed[reason] ?? 0) + count;
    state = result.state === undefined ? undefined : JSON.parse(JSON.stringify(result.state));
    expect(result.state).toEqual(state);
    if (state !== undefined) expect(result.wakeAtMillis).toBeDefined();
    return result.wakeAtMillis;
  };
  let wakeAtMillis: number | undefined;
  for (const batch of batches) wakeAtMillis = take(batch);
  while (state !== undefined && wakeAtMillis !== undefined) {
    expect(wakeAtMillis).toBeGreaterThan(nowMillis);
    expect(wakeAtMillis - NOW).toBeLessThan(LONGEST_HELD_MILLIS);
    nowMillis = wakeAtMillis;
    wakeAtMillis = take([]);
  }
  expect(state).toBeUndefined();
  return totals;
}

/** Records that came in: itself, or the lines that were joined to it. */
function linesIn({ fields }: LogRecord): number {
  return typeof fields?.['lines'] === 'number' ? fields['lines'] : 1;
}

function expectNothingLost(records: readonly LogRecord[], totals: Totals, joinsThenDrops = false): void {
  const came = new Set(records.map(({ id }) => id));
  const went = totals.kept.map(({ id }) => id);
  // No id goes on twice, and none that was not taken in.
  expect(new Set(went).size).toBe(went.length);
  expect(went.filter((id) => !came.has(id))).toEqual([]);
  const kept = totals.kept.reduce((sum, record) => sum + linesIn(record), 0);
  const dropped = Object.values(totals.dropped).reduce((sum, count) => sum + count, 0);
  // A joined record that is dropped counts once, and nobody says of how many lines.
  if (joinsThenDrops && dropped > 0) expect(kept + dropped).toBeLessThanOrEqual(records.length);
  else expect(kept + dropped).toBe(records.length);
}

const byId = (records: readonly LogRecord[]) => records.toSorted((a, b) => (a.id < b.id ? -1 : 1));

/**
 * `make` makes a fresh transform with the options under test. A transform that makes one record of several says how many
 * in the field `lines`.
 */
export function transformSuite(
  name: string,
  make: () => Transform,
  { joinsThenDrops = false }: { readonly joinsThenDrops?: boolean } = {},
): void {
  describe(`${name} as a transform`, () => {
    test('takes any record without throwing, and loses none', () => {
      const records = toRecords(NASTY.map((message, index) => [message, index, 1]));
      expectNothingLost(records, runThrough(make, [records]), joinsThenDrops);
      expect(records).toHaveLength(NASTY.length);
      const everyLineAlone = records.map((record) => [record]);
      expectNothingLost(records, runThrough(make, everyLineAlone), joinsThenDrops);
    });

    test('has nothing to say of nothing', () => {
      expect(make().apply([], undefined, NOW)).toMatchObject({ kept: [], state: undefined });
    });

    test('survives a state that is not its own', () => {
      const records = toRecords([['text', 0, 0]]);
      const foreign = [
        null,
        7,
        'text',
        [],
        {},
        { version: 99 },
        { version: 1 },
        { version: 1, held: [null, {}] },
      ];
      for (const state of foreign) {
        const totals = runThrough(() => withState(make(), state), [records]);
        expectNothingLost(records, totals);
        expect(totals.kept.length).toBeLessThanOrEqual(records.length);
      }
    });

    test('gives the same for the same, and changes neither records nor state', () => {
      fc.assert(
        fc.property(lines, lines, (earlier, later) => {
          const before = frozen(make().apply(frozen(toRecords(earlier)), undefined, NOW));
          const records = frozen(toRecords(later).map((record) => ({ ...record, id: `later-${record.id}` })));
          const transform = make();
          const first = transform.apply(records, before.state, NOW + 100);
          expect(transform.apply(records, before.state, NOW + 100)).toEqual(first);
          expect(make().apply(records, before.state, NOW + 100)).toEqual(first);
        }),
        { numRuns: 60 },
      );
    });

    test('gives the same whatever the batches, with its state stored in between', () => {
      fc.assert(
        fc.property(lines, fc.array(fc.nat(60), { maxLength: 8 }), (given, cuts) => {
          const records = toRecords(given);
          const whole = runThrough(make, [records]);
          const cut = runThrough(make, split(records, cuts));
          expect(byId(cut.kept)).toEqual(byId(whole.kept));
          expect(cut.dropped).toEqual(whole.dropped);
          expect(cut.failed).toEqual(whole.failed);
          expectNothingLost(records, whole, joinsThenDrops);
        }),
        { numRuns: 200 },
      );
    });

    test('keeps each stream in order of time', () => {
      fc.assert(
        fc.property(lines, (given) => {
          const records = toRecords(
            given.map(([message, stream, step]) => [message, stream, Math.abs(step)]),
          );
          const { kept } = make().apply(records, undefined, NOW);
          const times = kept.map(({ timestampMillis }) => timestampMillis);
          expect(times).toEqual(times.toSorted((a, b) => a - b));
        }),
        { numRuns: 60 },
      );
    });
  });
}

function withState(transform: Transform, first: unknown): Transform {
  return {
    apply: (records, state, nowMillis) => transform.apply(records, state ?? first, nowMillis),
  };
}

function split(records: readonly LogRecord[], cuts: readonly number[]): LogRecord[][] {
  const edges = [...new Set([0, ...cuts.filter((cut) => cut < records.length), records.length])].sort(
    (a, b) => a - b,
  );
  return edges.slice(1).map((edge, index) => records.slice(edges[index], edge));
}

function frozen<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) frozen(inner);
  }
  return value;
}
