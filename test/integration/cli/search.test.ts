import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CliGround, GROUP, STREAM, startCliGround } from './testing/cli-ground.ts';
import { until } from './testing/start-cli.ts';
import { freePort } from './testing/web-server.ts';

const STORE = { local: { type: 'store', inputs: ['tidy'] } };
const LINES = [
  '{"level":"error","msg":"payment refused","status":502,"user":"陈晨"}',
  '{"level":"info","msg":"payment taken","status":200,"user":"li"}',
  'WARN disk is nearly full',
];

let ground: CliGround;
/** What these commands find, however they come to the store. */
const commands = () => {
  test('search prints what matches, the newest at the end', async () => {
    const all = await ground.run(['search', '-o', 'raw']);
    expect(all.stdout).toBe(`${LINES.toReversed().join('\n')}\n`);
    expect({ code: all.code, stderr: all.stderr }).toEqual({ code: 0, stderr: '' });
    const some = await ground.run(['search', 'status:>=500', '-o', 'json', '--since', '2h']);
    expect(
      some.stdout
        .trimEnd()
        .split('\n')
        .map((line) => (JSON.parse(line) as { level: string }).level),
    ).toEqual(['error']);
    const phrase = await ground.run(['search', 'level:warning', 'nearly full']);
    expect(phrase.stdout).toMatch(/^\d\d:\d\d:\d\d\.\d{3} WARN +\S+ +WARN disk is nearly full\n$/);
  });

  test('a search that shows not all says how many there are', async () => {
    const { stdout, stderr } = await ground.run(['search', '-n', '1', '-o', 'raw']);
    expect(stdout).toBe(`${LINES[0]}\n`);
    expect(stderr).toContain('These are the newest 1 of 3 records.');
  });

  test('a search that finds nothing says where it looked, and what was probably meant', async () => {
    const { code, stdout, stderr } = await ground.run(['search', 'staus:500']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr).toMatch(
      /^No record matches\.\nNo recent record has a field "staus"\. Did you mean "status"\?\nSearched /,
    );
  });

  test('what is no query ends with 2 and a mark under what is wrong', async () => {
    const { code, stderr } = await ground.run(['search', '余额 level:loud x']);
    expect(code).toBe(2);
    expect(stderr).toContain(
      'error QUERY_INVALID "loud" is no level.\n  余额 level:loud x\n             ^^^^\n',
    );
    const regex = await ground.run(['search', 'a /(/', '--json']);
    expect(regex.code).toBe(2);
    expect(JSON.parse(regex.stderr)).toMatchObject({
      error: { code: 'QUERY_INVALID', column: 3, length: 3 },
    });
  });

  test('export writes all, oldest first, in the format that is asked for', async () => {
    const csv = await ground.run(['export', 'payment', '-o', 'csv']);
    const rows = csv.stdout.trimEnd().split('\r\n');
    expect(rows[0]).toMatch(/^\ufefftime,level,source,/);
    expect(rows.slice(1).map((row) => row.split(',')[1])).toEqual(['info', 'error']);
    expect(csv.stderr).toMatch(/Exported 2 records, [\d.]+ KiB\.\n$/);
    const text = await ground.run(['-q', 'export', 'user:陈晨', '-o', 'txt']);
    expect(text.stdout).toMatch(/^\S+Z error {4}\S+ \{"level":"error".*\}\n$/);
    expect(text.stderr).toBe('');
  });
};

beforeAll(async () => {
  ground = await startCliGround();
  const port = await freePort();
  ground.write({
    transforms: { tidy: { inputs: ['logs'], level: 'auto' } },
    destinations: STORE,
    source: { every: '1s' },
    top: { server: { listen: `127.0.0.1:${port}` } },
  });
  const now = Date.now();
  ground.world.putEvents(
    ground.region,
    GROUP,
    STREAM,
    LINES.map((message, n) => ({ timestampMillis: now - 5000 - n * 1000, message })),
  );
  const { code, stderr } = await ground.run(['run', 'logs']);
  if (code !== 0) throw new Error(stderr);
});
afterAll(() => ground.close());

describe('Without a server', () => {
  commands();

  test('a configuration without a store says how to add one', async () => {
    ground.write({}, 'other.yaml');
    const { code, stderr } = await ground.run(['search', '-c', 'other.yaml']);
    expect(code).toBe(2);
    expect(stderr).toContain('error STORE_NOT_CONFIGURED');
    expect(stderr).toContain('type: store');
  });
});

describe('Beside a server that has the store open', () => {
  beforeAll(async () => {
    const up = ground.start(['up']);
    await up.untilStderr(/listens|http:\/\//i);
  });
  commands();

  test('tail -f shows what is in the store and what comes into it, at no cost for AWS', async () => {
    const tail = ground.start(['tail', '-f', 'status:*', '-o', 'raw']);
    await until(() => tail.stdout().includes('refused') || undefined, 'the lines that are there');
    ground.world.putEvents(ground.region, GROUP, STREAM, [
      { timestampMillis: Date.now(), message: 'no JSON' },
      { timestampMillis: Date.now() + 1, message: '{"status":201}' },
    ]);
    await until(() => tail.stdout().includes('201') || undefined, 'the new line');
    tail.kill('SIGINT');
    const { code, stdout, stderr } = await tail.ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toBe(`${LINES[1]}\n${LINES[0]}\n{"status":201}\n`);
  });
});
