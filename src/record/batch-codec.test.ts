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

test('bytes of another version are refused by name', async () => {
  const bytes = await encodeRecords([]);
  bytes[0] = 9;
  expect(() => decodeRecords(bytes)).toThrow('Unknown version 9');
});
