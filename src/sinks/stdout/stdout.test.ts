import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { PassThrough, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { type ArrivedRecord, sinkSuite } from '../../contracts/testing/sink-suite.ts';
import { someRecords } from '../../sink-kit/testing/some-records.ts';
import { StdoutSink } from './stdout-sink.ts';

// oxlint-disable-next-line require-await -- other destinations are asked over the network
sinkSuite(async () => {
  const output = new PassThrough({ highWaterMark: 100_000_000 });
  let stalled = false;
  const stallable = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      if (!stalled) output.write(chunk, done);
    },
  });
  return {
    sink: new StdoutSink(stallable),
    // oxlint-disable-next-line require-await -- as above
    arrived: async () =>
      ((output.read() as Buffer | null)?.toString() ?? '')
        .split('\n')
        .slice(0, -1)
        .map((line): ArrivedRecord => {
          const { id, message, time } = JSON.parse(line) as { id: string; message: string; time: string };
          return { id, message, timestampMillis: Date.parse(time) };
        }),
    stall: () => {
      stalled = true;
    },
    dispose: () => Promise.resolve(),
  };
});

describe('an output', () => {
  const batch = { id: 'b', records: someRecords(0, 3), redelivery: false };
  const never = () => new AbortController().signal;

  test('that nobody reads any more is told as an outcome, again and again, and ends nothing', async () => {
    const module = JSON.stringify(fileURLToPath(new URL('stdout-sink.ts', import.meta.url)));
    const script = `
      import { StdoutSink } from ${module};
      const sink = new StdoutSink(process.stdout);
      const signal = new AbortController().signal;
      await sink.open(signal);
      const record = { id: 'a', timestampMillis: 0, ingestedMillis: 0, message: 'x'.repeat(200_000), origin: { source: 's', tags: {} } };
      const write = () => sink.write({ id: 'b', records: [record], redelivery: false }, signal);
      process.stdin.once('data', async () => {
        const outcomes = [await write(), await write()];
        console.error(JSON.stringify(outcomes.map(({ kind, reason }) => ({ kind, reason }))));
        await sink.close();
        process.exitCode = 7;
        process.stdin.destroy();
      });
    `;
    const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', script], {
      stdio: 'pipe',
    });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    child.stdout.destroy();
    child.stdin.write('go');
    const [code] = (await once(child, 'close')) as [number];
    expect(said.trim()).toBe(JSON.stringify(Array(2).fill({ kind: 'retry', reason: 'closed' })));
    expect(code).toBe(7);
  });

  test('that is slow is waited for', async () => {
    let release: (() => void) | undefined;
    const slow = new Writable({
      write: (_chunk, _encoding, done) => {
        release = done;
      },
    });
    const writing = new StdoutSink(slow).write(batch, never());
    const first = await Promise.race([
      writing,
      new Promise((resolve) => setImmediate(() => resolve('waits'))),
    ]);
    expect(first).toBe('waits');
    release?.();
    expect((await writing).kind).toBe('delivered');
  });

  test('keeps its listeners to itself when it is closed', async () => {
    const output = new PassThrough();
    const sink = new StdoutSink(output);
    await sink.open();
    await sink.close();
    expect(output.listenerCount('error')).toBe(0);
    expect(output.writable).toBe(true);
  });
});
