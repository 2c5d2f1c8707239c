import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeRecords, encodeRecords } from './batch-codec.ts';
import { LEVELS } from './level.ts';
import type { LogRecord } from './log-record.ts';

const text = fc.string({ unit: 'binary', maxLength: 400 });
const record = fc
  .record(
    {
      id: fc.string(),
      timestampMillis: fc.integer(),
      ingestedMillis: fc.integer(),
      message: text,
      level: fc.constantFrom(...LEVELS),
      fields: fc.dictionary(
        fc.string({ minLength: 1 }).filter((key) => key !== '__proto__'),
        fc.oneof(text, fc.integer(), fc.boolean()),
      ),
    },
    { requiredKeys: ['id', 'timestampMillis', 'ingestedMillis', 'message'] },
  )
  .map((fieldsOfRecord): LogRecord => ({ ...fieldsOfRecord, origin }));
const origin = { source: 'ecs', tags: { log_group: '/ecs/api', host: 'task' } };

test('records come back as they were, whatever their text', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(record, { maxLength: 20 }), async (records) => {
      const decoded = decodeRecords(await encodeRecords(records));
      expect(decoded).toEqual(records);
    }),
  );
});

test('lone surrogates, NUL and a megabyte come back unchanged, and an origin stays shared', async () => {
  const messages = [
    '\ud800 alone',
    'nul \u0000 inside',
    'x'.repeat(1_048_576),
    '\u001b[31mred\u001b[0m\r\n',
    '😀',
  ];
  const records = messages.map((message, index) => ({
    id: String(index),
    timestampMillis: index,
    ingestedMillis: index,
    message,
    origin,
  }));
  const decoded = decodeRecords(await encodeRecords(records));
  expect(decoded.map(({ message }) => message)).toEqual(messages);
  expect(new Set(decoded.map((one) => one.origin)).size).toBe(1);
});

test('texts of every kind lie in one batch, and ids that UTF-8 cannot hold come back too', async () => {
  const texts = ['', 'plain', 'grün', '', '日志 😀', '\udfff', 'plain again', '\ud83d'];
  const records = texts.map((message, index) => ({
    id: texts[texts.length - 1 - index] ?? '',
    timestampMillis: index - 0.5,
    ingestedMillis: -0,
    message,
    origin,
  }));
  expect(decodeRecords(await encodeRecords(records))).toEqual(records);
});

test('batches that are packed at the same time do not mix', async () => {
  const batches = Array.from({ length: 4 }, (_, batch) =>
    Array.from({ length: 3000 + batch }, (_none, index): LogRecord => {
      const id = `${batch}-${index}`;
      return { id, timestampMillis: index, ingestedMillis: index, message: id.repeat(40), origin };
    }),
  );
  // The second time in the memory of the first.
  for (let round = 0; round < 2; round++) {
    const packed = await Promise.all(batches.map((records) => encodeRecords(records)));
    expect(packed.map((bytes) => decodeRecords(bytes))).toEqual(batches);
  }
});

test('bytes that were cut off are refused', async () => {
  const records = [{ id: 'a', timestampMillis: 1, ingestedMillis: 1, message: 'grün', origin }];
  const small = await encodeRecords(records);
  const large = await encodeRecords([{ ...records[0], message: 'x'.repeat(10_000) } as LogRecord]);
  for (const bytes of [small, large]) {
    for (let length = 1; length < bytes.length; length++)
      expect(() => decodeRecords(bytes.subarray(0, length))).toThrow(Error);
  }
});

test('bytes of another version are refused by name', async () => {
  const bytes = await encodeRecords([]);
  bytes[0] = 9;
  expect(() => decodeRecords(bytes)).toThrow('Unknown version 9');
});

test.for([1, 100])('a byte that changed, of %i records, is found wherever it stands', async (count) => {
  const records = Array.from({ length: count }, (_, index) => ({
    id: String(index),
    timestampMillis: index,
    ingestedMillis: index,
    message: `a line, number ${index}`,
    origin,
  }));
  const bytes = await encodeRecords(records);
  for (let at = 0; at < bytes.length; at++) {
    const changed = Buffer.from(bytes);
    changed.writeUInt8(changed.readUInt8(at) ^ 0x41, at);
    expect(() => decodeRecords(changed)).toThrow(Error);
  }
});
