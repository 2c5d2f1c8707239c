import { array, assert, property, record, string } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LineProtocolEncoder } from '../../../sink-kit/line-protocol/line-protocol-encoder.ts';
import { draftOf } from '../received-point.ts';
import { scanPoints } from './scan-points.ts';
import { timestampNanos } from './timestamp-precision.ts';

const NOW = Date.UTC(2026, 10, 23);

function read(text: string | Buffer) {
  const body = Buffer.from(text);
  const points: { measurement: string; tags: object; fields: object; time: string | undefined }[] = [];
  scanPoints(body, (spans) => {
    const draft = draftOf(body, spans, undefined);
    points.push({
      measurement: draft.measurement,
      tags: Object.fromEntries(draft.tags),
      fields: Object.fromEntries(draft.fields),
      time: spans.timeStart < 0 ? undefined : body.toString('latin1', spans.timeStart, spans.timeEnd),
    });
  });
  return points;
}

describe('reading line protocol', () => {
  test('takes measurement, tags, every kind of field, and the timestamp', () => {
    expect(read('m,a=1,b=two s="x",i=-3i,u=18446744073709551615u,f=1.5e3,t=true,n=F 1700000000000')).toEqual([
      {
        measurement: 'm',
        tags: { a: '1', b: 'two' },
        fields: { s: 'x', i: -3, u: 18446744073709551615n, f: 1500, t: true, n: false },
        time: '1700000000000',
      },
    ]);
  });

  test('takes escapes away where they belong', () => {
    expect(read(String.raw`a\ b\,c,k\=1=v\ \,\=x f\ 1="q\"\\n\t",g=1i 5`)).toEqual([
      {
        measurement: 'a b,c',
        tags: { 'k=1': 'v ,=x' },
        fields: { 'f 1': String.raw`q"\n\t`, g: 1 },
        time: '5',
      },
    ]);
  });

  test('keeps line breaks inside a string, and passes over blank lines and comments', () => {
    const points = read('\n# note\nm s="one\r\ntwo, a=b" 1\n\n  m s="" \nm s="x\\\\" 2');
    expect(points.map((point) => [point.fields, point.time])).toEqual([
      [{ s: 'one\r\ntwo, a=b' }, '1'],
      [{ s: '' }, undefined],
      [{ s: 'x\\' }, '2'],
    ]);
  });

  test.each([
    ['m', 'missing fields'],
    ['m,a=1', 'missing fields'],
    ['m ', 'missing field value'],
    [',a=1 f=1i', 'missing measurement'],
    ['m,a= f=1i', 'missing tag value'],
    ['m,=1 f=1i', 'missing tag key'],
    ['m,a=1,a=2 f=1i', 'duplicate tags'],
    ['m,a=b=c f=1i', 'invalid tag format'],
    ['m,a=x\\ f=1i 5', 'invalid tag format'],
    ['m,a=x\ny f=1i', 'missing fields'],
    ['m f=NaN', 'invalid number'],
    ['m f=1x', 'invalid number'],
    ['m f=', 'invalid number'],
    ['m =1', 'missing field key'],
    ['m f="open', 'unbalanced quotes'],
    ['m f="a"b', 'invalid field format'],
    ['m f=1i 12a', 'bad timestamp'],
    ['m f=1i 5 6', 'bad timestamp'],
    ['m f="a"\r\n', 'invalid field format'],
    ['m f=1i 5\r\n', 'bad timestamp'],
    ['m f=1i\r\n', 'invalid number'],
  ])('refuses %j: %s', (line, why) => {
    expect(() => read(`good f=1i 1\n${line}`)).toThrow(why);
  });

  test('reads back exactly what the product writes', () => {
    assert(
      property(
        array(record({ message: string({ unit: 'binary' }), tag: string(), field: string() }), {
          minLength: 1,
        }),
        (records) => {
          const encoded = new LineProtocolEncoder().encode(
            records.map(({ message, tag, field }, index) => ({
              id: `id ${index}`,
              timestampMillis: NOW + index,
              ingestedMillis: NOW + index,
              message,
              origin: { source: 'ecs log', tags: { service: tag } },
              fields: { extra: field },
            })),
          );
          const points = read(encoded.body);
          expect(points).toHaveLength(records.length);
          for (const [index, { message }] of records.entries()) {
            expect(points[index]?.fields).toMatchObject({
              message: message.toWellFormed().replaceAll('\0', '\uFFFD'),
              event_id: `id ${index}`,
            });
          }
        },
      ),
    );
  });
});

describe('the precision of a timestamp', () => {
  test.each([
    ['5', 'ms', 5_000_000n],
    ['5', 'u', 5_000n],
    ['5', 'h', 18_000_000_000_000n],
    ['5', 'bogus', 5n],
    ['1700000000', null, 1_700_000_000_000_000_000n],
    ['1700000000123', null, 1_700_000_000_123_000_000n],
    ['1700000000123456789', null, 1_700_000_000_123_456_789n],
  ])('%s with precision %s', (text, precision, nanos) => {
    expect(timestampNanos(text, precision)).toBe(nanos);
  });
});
