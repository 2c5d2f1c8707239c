import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LEVELS } from '../../record/level.ts';
import type { FieldValue, LogRecord, Origin } from '../../record/log-record.ts';
import { type ParsedPoint, parseLines } from '../testing/strict-line-parser.ts';
import { LineProtocolEncoder } from './line-protocol-encoder.ts';
import { NanosecondOrder } from './nanosecond-order.ts';

const NOW = 1_764_000_000_000;

function record(change: Partial<LogRecord> = {}): LogRecord {
  return {
    id: 'e1',
    timestampMillis: NOW,
    ingestedMillis: NOW,
    message: 'hello',
    origin: { source: 'ecs', tags: { host: 'task-1' } },
    ...change,
  };
}

const withOrigin = (source: string, tags: Record<string, string>) => record({ origin: { source, tags } });

function encodeOne(one: LogRecord, extraTags?: Record<string, string>): ParsedPoint {
  const { body } = new LineProtocolEncoder(extraTags && { extraTags }).encode([one]);
  const [point] = parseLines(body);
  if (point === undefined) throw new Error('No point.');
  return point;
}

const textOf = (point: ParsedPoint, key: string) => {
  const value = point.fields.get(key);
  return value?.kind === 'text' ? value.value : undefined;
};

describe('a point', () => {
  test('is measurement, tags, message, event id, status and nanoseconds', () => {
    const one = record({
      level: 'error',
      fields: { code: 500, ratio: 0.5, ok: false, path: '/a b' },
      origin: { source: 'ecs', tags: { host: 'task-1', service: 'api' } },
    });
    expect(new LineProtocolEncoder().encode([one]).body.toString()).toBe(
      'ecs,host=task-1,service=api message="hello",event_id="e1",status="error",code=500i,ratio=0.5,ok=false,path="/a b" 1764000000000000000',
    );
  });

  test('without a level has the status info, as DataKit would say', () => {
    expect(textOf(encodeOne(record()), 'status')).toBe('info');
    for (const level of LEVELS) expect(textOf(encodeOne(record({ level })), 'status')).toBe(level);
  });

  test('names the task as host when the origin names none, so that DataKit does not put its own name there', () => {
    const arn = 'arn:aws:ecs:cn-north-1:1:task/cluster/0123';
    expect(encodeOne(withOrigin('ecs', { task_arn: arn, log_stream: 's' })).tags.get('host')).toBe('0123');
    expect(encodeOne(withOrigin('ecs', { log_stream: 'ecs/api/1' })).tags.get('host')).toBe('ecs/api/1');
    expect(encodeOne(withOrigin('ecs', {})).tags.get('host')).toBe('ecs');
  });

  test('carries the tags of the configuration, which win over the origin’s', () => {
    const point = encodeOne(withOrigin('ecs', { host: 'h', env: 'old' }), { env: 'prod', team: 'a,b' });
    expect(Object.fromEntries(point.tags)).toEqual({ host: 'h', env: 'prod', team: 'a,b' });
  });

  test('without a time has none, and takes the time of ingestion where only that is known', () => {
    expect(encodeOne(record({ timestampMillis: Number.NaN })).nanoseconds).toBe(BigInt(NOW) * 1_000_000n);
    const timeless = record({ timestampMillis: Number.NaN, ingestedMillis: Number.NaN });
    expect(encodeOne(timeless).nanoseconds).toBeUndefined();
  });

  test.each([0, -1, -(2 ** 53), 2 ** 53, 8.64e15])('takes the time %d without harm', (timestampMillis) => {
    expect(encodeOne(record({ timestampMillis })).nanoseconds).toBeDefined();
  });
});

describe('nasty text', () => {
  test.each([
    ['quotes and backslashes', String.raw`say "hi" \ C:\temp\ \"`],
    ['a trailing backslash', 'path\\'],
    ['CRLF and line breaks', 'one\r\ntwo\nthree\r'],
    ['JSON with line breaks', '{\n\t"a": "b\\n"\n}'],
    ['ANSI colours', '\u001b[31m"red"\u001b[0m'],
    ['emoji and Chinese', '订单 😀 "完成"'],
    ['what looks like a point', 'm,a=b c="d" 1\nm,a=b c="d" 2'],
    ['nothing', ''],
  ])('%s come back as they were', (_name, message) => {
    const point = encodeOne(record({ message, fields: { copy: message } }));
    expect(textOf(point, 'message')).toBe(message);
    expect(textOf(point, 'copy')).toBe(message);
  });

  test('NUL and lone surrogates become U+FFFD', () => {
    expect(textOf(encodeOne(record({ message: 'a\0b \ud800 "c" \udc00' })), 'message')).toBe('a�b � "c" �');
    expect(textOf(encodeOne(record({ message: 'a\0b' })), 'message')).toBe('a�b');
  });

  test('a tag value stays on one line and does not swallow what follows', () => {
    const tags = { a: 'x\ny\0z', b: 'ends\\', c: 'C:\\dir\\,d=e f', empty: '', blank: ' \n ' };
    const point = encodeOne(withOrigin('ecs', { host: 'h', ...tags }));
    expect(Object.fromEntries(point.tags)).toEqual({
      host: 'h',
      a: 'x y z',
      b: 'ends/',
      c: 'C:\\dir/,d=e f',
    });
  });

  test.each([
    ['#comment', '_comment'],
    ['', 'unknown'],
    ['a b,c=d', 'a b,c=d'],
    ['line\nbreak\\', 'line break/'],
  ])('the data source %j is filed under %j', (source, measurement) => {
    expect(encodeOne(withOrigin(source, {})).measurement).toBe(measurement);
  });
});

describe('names that collide', () => {
  test('a field does not hide behind a tag, nor behind a field of our own, nor in what DataKit drops', () => {
    const point = encodeOne(
      record({
        origin: { source: 'ecs', tags: { host: 'h', service: 'api' } },
        fields: { service: 'other', host: 'h', status: 'odd', message: 'm', source: 's', date: 'd' },
      }),
    );
    expect(point.tags.get('service')).toBe('api');
    expect(textOf(point, 'service_field')).toBe('other');
    expect(textOf(point, 'status')).toBe('info');
    expect(textOf(point, 'status_field')).toBe('odd');
    expect(textOf(point, 'message_field')).toBe('m');
    expect(textOf(point, 'source_field')).toBe('s');
    expect(textOf(point, 'date_field')).toBe('d');
    // It says what the tag says.
    expect(point.fields.has('host_field')).toBe(false);
  });

  test('tags of such names keep their value under another', () => {
    const point = encodeOne(withOrigin('ecs', { host: 'h', source: 's', status: 'x', 'a.b': '1', a_b: '2' }));
    expect(Object.fromEntries(point.tags)).toEqual({
      host: 'h',
      source_tag: 's',
      status_tag: 'x',
      a_b: '1',
      a_b_2: '2',
    });
  });

  test('two fields that become one name are both kept', () => {
    const point = encodeOne(record({ fields: { 'a.b': 1, a_b: 2 } }));
    expect(point.fields.get('a_b')).toEqual({ kind: 'integer', value: 1n });
    expect(point.fields.get('a_b_2')).toEqual({ kind: 'integer', value: 2n });
  });
});

describe('numbers', () => {
  test.each<[number, unknown]>([
    [1, { kind: 'integer', value: 1n }],
    [-0, { kind: 'integer', value: 0n }],
    [1.5, { kind: 'float', value: 1.5 }],
    [1e21, { kind: 'float', value: 1e21 }],
    [5e-324, { kind: 'float', value: 5e-324 }],
    [2 ** 60, { kind: 'float', value: 2 ** 60 }],
    [Number.NaN, { kind: 'text', value: 'NaN' }],
    [Number.NEGATIVE_INFINITY, { kind: 'text', value: '-Infinity' }],
  ])('%d', (value, expected) => {
    expect(encodeOne(record({ fields: { value } })).fields.get('value')).toEqual(expected);
  });
});

describe('what is too long', () => {
  test.each([
    ['plain', 'x', 1_048_576],
    ['three bytes each', '界', 400_000],
    ['four bytes each', '😀', 300_000],
    ['two bytes when escaped', '"', 900_000],
    ['backslashes', '\\', 900_000],
  ])('a message of %s is cut between characters, marked and counted', (_name, unit, times) => {
    const message = unit.repeat(times);
    const { body, truncated } = new LineProtocolEncoder().encode([record({ message, fields: { a: 'b' } })]);
    expect(truncated).toBe(1);
    const [point] = parseLines(body) as [ParsedPoint];
    const kept = textOf(point, 'message') ?? '';
    expect(message.startsWith(kept)).toBe(true);
    expect(kept.isWellFormed()).toBe(true);
    expect(Buffer.byteLength(kept)).toBeGreaterThan(500_000);
    expect(Buffer.byteLength(kept)).toBeLessThanOrEqual(838_860);
    expect(point.fields.get('message_truncated')).toEqual({ kind: 'boolean', value: true });
    const bytes = BigInt(Buffer.byteLength(message));
    expect(point.fields.get('message_bytes')).toEqual({ kind: 'integer', value: bytes });
    expect(textOf(point, 'a')).toBe('b');
  });

  test('a message of exactly the limit is not', () => {
    const { truncated } = new LineProtocolEncoder().encode([record({ message: 'x'.repeat(838_860) })]);
    expect(truncated).toBe(0);
  });

  test('fields share what is left, and what does not fit is counted', () => {
    const fields = Object.fromEntries(
      Array.from({ length: 3000 }, (_, index) => [`k${index}`, 'v'.repeat(1000)]),
    );
    const { body, droppedKeys } = new LineProtocolEncoder().encode([
      record({ message: 'y'.repeat(800_000), fields }),
    ]);
    const [point] = parseLines(body) as [ParsedPoint];
    expect(textOf(point, 'message')).toHaveLength(800_000);
    // message, event_id and status are ours.
    expect(droppedKeys).toBe(3000 - (point.fields.size - 3));
    expect(point.bytes).toBeGreaterThan(1_000_000);
  });

  test('tags over the limits are left out and counted', () => {
    const tags = Object.fromEntries(
      Array.from({ length: 300 }, (_, index) => [`t${index}`, 'v'.repeat(2000)]),
    );
    const { body, droppedKeys } = new LineProtocolEncoder().encode([withOrigin('ecs', tags)]);
    const [point] = parseLines(body) as [ParsedPoint];
    expect(droppedKeys).toBe(301 - point.tags.size);
    expect(point.tags.get('t0')).toHaveLength(1024);
  });
});

describe('order inside a millisecond', () => {
  const stamps = (body: Buffer) =>
    parseLines(body).map(({ nanoseconds }) => Number(nanoseconds! % 1_000_000_000n));
  const stream = (name: string): Origin => ({ source: 'ecs', tags: { host: name } });
  const at = (millis: number, name = 'a') => record({ timestampMillis: NOW + millis, origin: stream(name) });

  test('is kept from record to record, from batch to batch, and over new objects of the same stream', () => {
    const encoder = new LineProtocolEncoder();
    expect(stamps(encoder.encode([at(0), at(0), at(1), at(1)]).body)).toEqual([0, 1, 1_000_000, 1_000_001]);
    expect(stamps(encoder.encode([at(1), at(2)]).body)).toEqual([1_000_002, 2_000_000]);
  });

  test('is a matter of each stream: what another writes moves no timestamp', () => {
    const alone = new LineProtocolEncoder().encode([at(0), at(0)]).body;
    const mixed = new LineProtocolEncoder().encode([at(0), at(0, 'b'), at(0), at(0, 'b')]).body;
    expect(stamps(alone)).toEqual([0, 1]);
    expect(stamps(mixed)).toEqual([0, 0, 1, 1]);
  });

  test('holds for a million records, and never runs into the next millisecond', () => {
    const order = new NanosecondOrder();
    let last = '';
    for (let count = 0; count < 1_000_002; count++) last = order.next(NOW);
    expect(last).toBe(`${NOW}999999`);
  });
});

describe('memory that is used again', () => {
  const lines = (text: string) =>
    Array.from({ length: 3 }, (_, index) => record({ id: `${index}`, message: text }));

  test('holds only what nobody reads any more, however large a batch was', () => {
    const encoder = new LineProtocolEncoder();
    const kept = encoder.encode(lines('kept')).body;
    const before = kept.toString();
    encoder.encode(lines('beside'));
    expect(kept.toString()).toBe(before);
    const given = encoder.encode(lines('x'.repeat(500_000))).body;
    encoder.reuse(given);
    const again = encoder.encode(lines('again')).body;
    expect(kept.toString()).toBe(before);
    expect(again.buffer).toBe(given.buffer);
    expect(parseLines(again).map(({ fields }) => fields.get('message')?.value)).toEqual(
      lines('again').map(({ message }) => message),
    );
  });
});

describe('anything at all', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.string({
      unit: fc.constantFrom('\\', '"', ',', '=', ' ', '\n', '\r', '\0', 'a', '界', '\ud83d', '#'),
      maxLength: 30,
    }),
  );
  const key = fc.oneof(text, fc.constantFrom('message', 'source', 'status', 'host', 'a.b', 'a_b', 'time'));
  const value: fc.Arbitrary<FieldValue> = fc.oneof(text, fc.double(), fc.integer(), fc.boolean());
  const origin = fc.record({ source: text, tags: fc.dictionary(key, text, { maxKeys: 8 }) });
  const anyRecord = fc.record({
    id: text,
    timestampMillis: fc.integer({ min: 0, max: 4e12 }),
    ingestedMillis: fc.constant(0),
    message: text,
    level: fc.constantFrom(...LEVELS),
    origin,
    fields: fc.dictionary(key, value, { maxKeys: 8 }),
  });

  test('becomes one legal point each, with its text, its time and all its fields', () => {
    fc.assert(
      fc.property(fc.array(anyRecord, { minLength: 1, maxLength: 5 }), (records) => {
        const encoder = new LineProtocolEncoder();
        const { body, droppedKeys, truncated } = encoder.encode(records);
        const points = parseLines(body);
        expect(points).toHaveLength(records.length);
        expect(truncated).toBe(0);
        let unnamed = 0;
        for (const [index, one] of records.entries()) {
          const point = points[index] as ParsedPoint;
          const shown = (raw: string) => raw.toWellFormed().replaceAll('\0', '�');
          expect(textOf(point, 'message')).toBe(shown(one.message));
          expect(textOf(point, 'event_id')).toBe(shown(one.id));
          expect(textOf(point, 'status')).toBe(one.level);
          expect(point.nanoseconds! / 1_000_000n).toBe(BigInt(one.timestampMillis));
          const tagValues = new Set(point.tags.values());
          const told = [...point.fields.values()].map(({ value }) => String(value));
          for (const [name, given] of Object.entries(one.fields)) {
            if (name.replaceAll(/[\u0000-\u001f\u007f]/g, ' ').trim() === '') unnamed++;
            else if (!tagValues.has(String(given)))
              expect(told).toContain(
                typeof given === 'string' ? shown(given) : String(given === 0 ? 0 : given),
              );
          }
        }
        expect(droppedKeys).toBeLessThanOrEqual(unnamed);
      }),
      { numRuns: 500 },
    );
  });

  test('lines do not depend on what is encoded beside them', () => {
    fc.assert(
      fc.property(anyRecord, anyRecord, (one, other) => {
        const together = new LineProtocolEncoder().encode([
          one,
          { ...other, origin: { ...other.origin, source: 'z' } },
        ]);
        const alone = new LineProtocolEncoder().encode([one]);
        expect(together.body.subarray(0, alone.body.length)).toEqual(alone.body);
      }),
    );
  });
});
