import { describe, expect, test } from 'vitest';
import type { LogRecord } from '../../record/log-record.ts';
import { componentContext } from '../testing/component-context.ts';
import { joinLines } from './definition.ts';
import { streamLines } from './testing/stream-lines.ts';
import { TRACES } from './testing/traces.ts';

const NOW = 100_000;

function joiner(options: object = {}) {
  return joinLines.create(joinLines.options.parse(options), componentContext);
}

/** What goes on when the next line never comes. */
function joined(records: readonly LogRecord[], options: object = {}): LogRecord[] {
  const transform = joiner(options);
  const first = transform.apply(records, undefined, NOW);
  const last = transform.apply([], JSON.parse(JSON.stringify(first.state ?? null)) ?? undefined, NOW + 5000);
  expect(last.state).toBeUndefined();
  return [...first.kept, ...last.kept];
}

const messages = (records: readonly LogRecord[]) => records.map(({ message }) => message);

describe('traces', () => {
  const around = [
    '2026-01-02 03:04:05.600  INFO [main] c.e.App - before',
    '2026-01-02 03:04:06.000  INFO [main] c.e.App - after',
  ] as const;

  test.each(Object.keys(TRACES))('%s: one record, and the lines around it stay their own', (name) => {
    const trace = TRACES[name] ?? '';
    const records = streamLines([around[0], trace, around[1]].join('\n'));
    const out = joined(records);
    expect(messages(out)).toEqual([around[0], trace, around[1]]);
    expect(out[1]).toMatchObject({
      id: records[1]?.id,
      timestampMillis: records[1]?.timestampMillis,
      fields: { lines: trace.split('\n').length },
    });
  });

  test.each(Object.keys(TRACES))('%s: the same without the blank lines, which awslogs leaves out', (name) => {
    const trace = (TRACES[name] ?? '')
      .split('\n')
      .filter((line) => line !== '')
      .join('\n');
    expect(messages(joined(streamLines([around[0], trace, around[1]].join('\n'))))).toEqual([
      around[0],
      trace,
      around[1],
    ]);
  });

  test.each(Object.keys(TRACES))('%s: cut between pages anywhere, with a restart in between', (name) => {
    const trace = TRACES[name] ?? '';
    const records = streamLines(trace);
    for (let cut = 1; cut < records.length; cut++) {
      const first = joiner().apply(records.slice(0, cut), undefined, NOW);
      const state: unknown = JSON.parse(JSON.stringify(first.state ?? null)) ?? undefined;
      const second = joiner().apply(records.slice(cut), state, NOW + 4000);
      const last = joiner().apply([], second.state, NOW + 60_000);
      expect(messages([...first.kept, ...second.kept, ...last.kept])).toEqual([trace]);
    }
  });

  const all = Object.values(TRACES);

  test('every trace after every other is apart from it', () => {
    for (const one of all) {
      for (const other of all) {
        // A panic or a traceback right behind a header belongs to it; with a plain line between, never.
        const between = '2026-01-02 03:04:05.600  INFO [main] c.e.App - between';
        expect(messages(joined(streamLines([one, between, other].join('\n'))))).toEqual([
          one,
          between,
          other,
        ]);
      }
    }
  });

  test('lines of two streams that come in turns do not mix', () => {
    const [java, python] = [
      TRACES['logback with causes'] ?? '',
      TRACES['Python logging with exc_info'] ?? '',
    ];
    const [a, b] = [streamLines(java, 'a'), streamLines(python, 'b')];
    const mixed = a.flatMap((record, index) => [record, ...(b[index] === undefined ? [] : [b[index]])]);
    expect(messages(joined(mixed)).sort()).toEqual([java, python].sort());
  });

  test('one language leaves the others alone', () => {
    const python = TRACES['Python traceback with a chain'] ?? '';
    expect(joined(streamLines(python), { languages: ['java'] })).toHaveLength(python.split('\n').length);
    expect(joined(streamLines(python), { languages: ['java', 'python'] })).toHaveLength(1);
  });

  test('coloured lines and line ends of Windows are seen through, and kept', () => {
    const trace = (TRACES['uncaught Java exception with suppressed ones'] ?? '').split('\n');
    const text = trace.map((line) => `\u001b[31m${line}\u001b[0m\r`).join('\n');
    expect(messages(joined(streamLines(text)))).toEqual([text]);
  });
});

describe('what is no trace', () => {
  test.each([
    'plain text\nmore text\n  indented text',
    '{"level":"error","msg":"x"}\n    at nowhere',
    '2026-01-02 03:04:05 INFO started\n  with indented text',
    '10.0.0.1 - - [02/Jan/2026:03:04:05 +0000] "GET / HTTP/1.1" 500 12\n10.0.0.1 - - "GET /" 500',
    '2026-01-02 03:04:05 ERROR one\n2026-01-02 03:04:05 ERROR two\n2026-01-02 03:04:05 ERROR three',
    'ValidationError: name is missing\nGET /users 200\nGET /users 200',
    'com.example.Failure: alone\nserved in 3 ms',
    'panic: at the disco\nnext song',
  ])('%j stays as it is', (text) => {
    const records = streamLines(text);
    expect(joined(records)).toEqual(records);
  });

  test('a record that has several lines already is left as it is, and ends what was open', () => {
    const [head, ...rest] = streamLines('java.lang.Error: x\n\tat a.B.c(B.java:1)');
    const whole = { ...rest[0], message: 'two\nlines' } as LogRecord;
    expect(messages(joined([head as LogRecord, whole]))).toEqual(['java.lang.Error: x', 'two\nlines']);
  });
});

describe('bounds', () => {
  const trace = ['java.lang.Error: x', ...Array.from({ length: 200 }, (_, n) => `\tat a.B.c(B.java:${n})`)];

  test('a joined event ends before it grows beyond max_bytes, and nothing is lost', () => {
    const out = joined(streamLines(trace.join('\n')), { max_bytes: '1KiB' });
    expect(out.length).toBeGreaterThan(3);
    expect(Math.max(...out.map(({ message }) => Buffer.byteLength(message)))).toBeLessThanOrEqual(1024);
    expect(messages(out).join('\n')).toBe(trace.join('\n'));
  });

  test('a last line is waited for until max_wait after it, then goes on without another', () => {
    const records = streamLines('java.lang.Error: x\n\tat a.B.c(B.java:1)');
    const first = joiner({ max_wait: '2s' }).apply(records, undefined, NOW);
    expect(first).toMatchObject({ kept: [], wakeAtMillis: NOW + 2000 });
    const early = joiner({ max_wait: '2s' }).apply([], first.state, NOW + 1999);
    expect(early).toMatchObject({ kept: [], wakeAtMillis: NOW + 2000, state: first.state });
    const due = joiner({ max_wait: '2s' }).apply([], early.state, NOW + 2000);
    expect(messages(due.kept)).toEqual(['java.lang.Error: x\n\tat a.B.c(B.java:1)']);
    expect(due.wakeAtMillis).toBeUndefined();
  });

  test('the line that comes with the call that is overdue still joins', () => {
    const [head, frame] = streamLines('java.lang.Error: x\n\tat a.B.c(B.java:1)') as [LogRecord, LogRecord];
    const first = joiner().apply([head], undefined, NOW);
    const second = joiner().apply([frame], first.state, NOW + 60_000);
    expect(joiner().apply([], second.state, NOW + 70_000).kept[0]?.message).toContain('\tat a.B.c');
  });

  test('an overdue event is not given up for a batch of older lines: its own next line is yet to be read', () => {
    const [head, frame] = streamLines('java.lang.Error: x\n\tat a.B.c(B.java:1)', 'a', 9000) as [
      LogRecord,
      LogRecord,
    ];
    const first = joiner().apply([head], undefined, NOW);
    const older = joiner().apply(streamLines('text', 'b', 1000), first.state, NOW + 60_000);
    expect(messages(older.kept)).toEqual(['text']);
    expect(older.wakeAtMillis).toBe(NOW + 5000);
    const newer = joiner().apply([frame], older.state, NOW + 60_000);
    expect(joiner().apply([], newer.state, NOW + 70_000).kept[0]?.message).toContain('\tat a.B.c');
    expect(joiner().apply([], older.state, NOW + 60_000).kept).toEqual([head]);
  });

  test('a line whose time is long after the last is no part of it', () => {
    const [head, frame] = streamLines('java.lang.Error: x\n\tat a.B.c(B.java:1)') as [LogRecord, LogRecord];
    expect(joined([head, { ...frame, timestampMillis: head.timestampMillis + 60_000 }])).toHaveLength(2);
  });

  test('a late line neither joins nor ends the newer trace', () => {
    const text = TRACES['logback with causes'] ?? '';
    const newer = streamLines(text, 'a', 9000);
    const late = streamLines(TRACES['Python logging with exc_info'] ?? '', 'a', 1000);
    const first = joiner().apply(newer.slice(0, 4), undefined, NOW);
    const second = joiner().apply([...late, ...newer.slice(4)], first.state, NOW + 1000);
    const last = joiner().apply([], second.state, NOW + 9000);
    expect(messages([...first.kept, ...second.kept, ...last.kept])).toEqual([
      TRACES['Python logging with exc_info'],
      text,
    ]);
  });

  test('a clock that was set back does not make anything wait for longer', () => {
    const first = joiner().apply(streamLines('java.lang.Error: x'), undefined, NOW + 1_000_000);
    expect(joiner().apply([], first.state, NOW).wakeAtMillis).toBe(NOW + 5000);
  });

  test('of too many open events the oldest goes on, and none is lost', () => {
    const records = Array.from({ length: 3000 }, (_, n) =>
      streamLines('java.lang.Error: x', `s-${n}`),
    ).flat();
    const result = joiner().apply(records, undefined, NOW);
    expect(result.kept).toHaveLength(2000);
    expect(result.kept[0]?.id).toBe(records[0]?.id);
    expect(joiner().apply([], result.state, NOW + 5000).kept).toHaveLength(1000);
  });
});

describe('own patterns', () => {
  test('with a start, every other line goes on with the one before', () => {
    const text = '[A] one\nof two\n[B] two\n\nlast';
    expect(messages(joined(streamLines(text), { start: '^\\[[A-Z]\\]' }))).toEqual([
      '[A] one\nof two',
      '[B] two\n\nlast',
    ]);
  });

  test('with a continuation, only such lines do', () => {
    const text = 'one\n> more\ntwo\nthree\n> more\n> more';
    expect(messages(joined(streamLines(text), { continuation: '^> ' }))).toEqual([
      'one\n> more',
      'two',
      'three\n> more\n> more',
    ]);
  });

  test('see the first 1024 characters of a line', () => {
    const text = `${' '.repeat(1100)}START\nx`;
    expect(joined(streamLines(`a\n${text}`), { start: 'START|^a' })).toHaveLength(1);
  });
});
