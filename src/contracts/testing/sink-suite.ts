import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { LogRecord, Origin } from '../../record/log-record.ts';
import type { DeliveryBatch, Sink, WriteOutcome } from '../sink.ts';

/** A record as the destination has it. */
export interface ArrivedRecord {
  readonly id: string;
  readonly message: string;
  readonly timestampMillis: number;
}

export interface SinkUnderTest {
  /** New, and not open. */
  readonly sink: Sink;
  /** What the destination has, in its order. Called after the last write; may flush or read back. */
  arrived(): Promise<readonly ArrivedRecord[]>;
  /** From now on the destination takes connections and answers nothing. Left out where there is nobody to wait for. */
  readonly stall?: () => void;
  /** Called last, after the sink was closed. */
  dispose(): Promise<void>;
}

const NOW = 1_764_000_000_000;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const MIB = 1_048_576;

const NASTY: readonly (readonly [string, string])[] = [
  ['nothing', ''],
  ['NUL', 'before \0 after'],
  ['a lone surrogate', 'high \ud800 low \udc00 end'],
  ['emoji and Chinese', '😀 订单处理完成 👩‍👩‍👧‍👦'],
  ['ANSI colours', '\u001b[31mred\u001b[0m'],
  ['CRLF and line breaks', 'one\r\ntwo\n\n\tthree\r'],
  ['quotes and backslashes', String.raw`{"path":"C:\\temp\\"} \" \ `],
  ['what looks like markup, SQL and line protocol', `<b>'); DROP TABLE logs; --\nm,a=b c="d" 1`],
  ['the separators of Unicode', 'a\u2028b\u2029c\ufeff'],
];

/**
 * What every sink owes (src/contracts/sink.ts); each one's tests call this with a way to make it. `make` is called once
 * a test. Destinations may show NUL and lone surrogates as U+FFFD and may cut a message of 1 MiB, saying so.
 */
export function sinkSuite(make: () => Promise<SinkUnderTest>): void {
  describe('as every sink', () => {
    let made: SinkUnderTest;
    let sink: Sink;
    const running = new AbortController();

    beforeEach(async () => {
      made = await make();
      sink = made.sink;
    });

    afterEach(async () => {
      await sink.close();
      await made.dispose();
    });

    const open = () => sink.open(running.signal);
    const write = (batch: DeliveryBatch) => sink.write(batch, running.signal);
    const messages = async () => (await made.arrived()).map(({ message }) => shown(message));

    test('states limits that can be kept', () => {
      const { maxRecords, maxBytes, maxInFlight, lingerMillis, timeoutMillis } = sink.limits;
      for (const count of [maxRecords, maxInFlight]) expect(count).toSatisfy(isPositiveInteger);
      expect(maxBytes).toBeGreaterThan(0);
      expect(timeoutMillis).toBeGreaterThan(0);
      expect(lingerMillis).toBeGreaterThanOrEqual(0);
    });

    test('a delivered batch has arrived whole, in its order', async () => {
      await open();
      const records = someRecords(Math.min(500, sink.limits.maxRecords));
      const outcome = await write(batchOf(records));
      expect(outcome.kind).toBe('delivered');
      const arrived = await made.arrived();
      expect(arrived.map(({ id }) => id)).toEqual(records.map(({ id }) => id));
      expect(arrived.map(({ message }) => message)).toEqual(records.map(({ message }) => message));
      expect(arrived.map((one) => one.timestampMillis)).toEqual(records.map((one) => one.timestampMillis));
    });

    test('batches follow each other', async () => {
      await open();
      const records = someRecords(30);
      for (let at = 0; at < 30; at += 10) await write(batchOf(records.slice(at, at + 10), `b${at}`));
      expect((await made.arrived()).map(({ id }) => id)).toEqual(records.map(({ id }) => id));
    });

    test('a batch without records is delivered', async () => {
      await open();
      expect((await write(batchOf([]))).kind).toBe('delivered');
      expect(await made.arrived()).toEqual([]);
    });

    test.each(NASTY)('a message with %s arrives, and so do its neighbours', async (_name, message) => {
      await open();
      const records = [recordOf('a', 'before'), recordOf('b', message), recordOf('c', 'after')];
      expect((await write(batchOf(records))).kind).toBe('delivered');
      expect(await messages()).toEqual(['before', shown(message), 'after']);
    });

    test('a message of 1 MiB arrives, whole or with a beginning that is said to be cut', async () => {
      await open();
      const message = '日志'.repeat(MIB / 6);
      const outcome = await write(batchOf([recordOf('a', 'before'), recordOf('b', message)]));
      expect(outcome.kind).toBe('delivered');
      const [, arrived = ''] = await messages();
      if (truncatedOf(outcome) === 0) expect(arrived === message).toBe(true);
      else {
        expect(message.startsWith(arrived)).toBe(true);
        expect(arrived.length).toBeGreaterThan(100_000);
      }
    });

    test('names and values that are nasty too cost nothing', async () => {
      await open();
      const text = NASTY.map(([, message]) => message).join('');
      const origin: Origin = {
        source: text,
        tags: { [text]: text, empty: '', 'a.b': 'x', a_b: 'y', time: '1' },
      };
      const fields = { [text]: text, message: 'm', time: 1, nan: Number.NaN, infinite: -1 / 0, ok: true };
      const records = [{ ...recordOf(text, 'nasty'), origin, fields }, recordOf('b', 'after')];
      expect((await write(batchOf(records))).kind).toBe('delivered');
      expect(await messages()).toEqual(expect.arrayContaining(['nasty', 'after']));
    });

    test.each([
      ['14 days old', -14 * DAY],
      ['2 hours ahead', 2 * HOUR - 60_000],
    ])('a record %s keeps its time', async (_name, offsetMillis) => {
      await open();
      const timestampMillis = Math.trunc(Date.now()) + offsetMillis;
      const outcome = await write(batchOf([{ ...recordOf('a', 'x'), timestampMillis }]));
      expect(outcome.kind).toBe('delivered');
      expect((await made.arrived()).map((one) => one.timestampMillis)).toEqual([timestampMillis]);
    });

    test('a write that is aborted before it began rejects', async () => {
      await open();
      const aborted = AbortSignal.abort(new Error('enough'));
      await expect(sink.write(batchOf(someRecords(1)), aborted)).rejects.toThrow('enough');
    });

    test('a write that is aborted while it waits rejects', async (context) => {
      if (made.stall === undefined) return context.skip('This destination is never waited for.');
      await open();
      made.stall();
      const abort = new AbortController();
      const writing = sink.write(batchOf(someRecords(1)), abort.signal);
      setTimeout(() => abort.abort(new Error('enough')), 50);
      await expect(writing).rejects.toThrow('enough');
    });

    test('its check says something, and fails nothing that works', async () => {
      const report = await sink.check(running.signal);
      expect(report.length).toBeGreaterThan(0);
      expect(report.filter(({ status }) => status === 'failed')).toEqual([]);
    });

    test('closes without having been opened, and again', async () => {
      await expect(sink.close()).resolves.toBeUndefined();
      await expect(sink.close()).resolves.toBeUndefined();
    });
  });
}

function batchOf(records: readonly LogRecord[], id = 'batch'): DeliveryBatch {
  return { id, records, redelivery: false };
}

const ORIGIN: Origin = {
  source: 'suite',
  tags: { host: 'task-1', log_group: '/ecs/api', log_stream: 'ecs/api/1' },
};

function recordOf(id: string, message: string): LogRecord {
  return { id, timestampMillis: NOW, ingestedMillis: NOW + 500, message, level: 'info', origin: ORIGIN };
}

function someRecords(count: number): LogRecord[] {
  return Array.from({ length: count }, (_, index) => ({
    ...recordOf(`event-${index}`, `line ${index}`),
    timestampMillis: NOW + index,
  }));
}

function shown(message: string): string {
  return message.toWellFormed().replaceAll('\0', '\uFFFD');
}

function truncatedOf(outcome: WriteOutcome): number {
  return outcome.kind === 'delivered' ? (outcome.truncated ?? 0) : 0;
}

const isPositiveInteger = (value: number) => Number.isSafeInteger(value) && value > 0;
