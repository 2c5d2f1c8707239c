import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CliGround, startCliGround } from './testing/cli-ground.ts';

let ground: CliGround;
beforeAll(async () => {
  ground = await startCliGround();
  ground.write();
});
afterAll(() => ground.close());

test.concurrent.each([
  [['rum', 'logs'], "unknown command 'rum'", 'Did you mean run?'],
  [['config', 'shema'], "unknown command 'shema'", 'Did you mean schema?'],
  [['run', 'logs', '--dryrun'], "unknown option '--dryrun'", 'Did you mean --dry-run?'],
  [['check', '--colour'], "unknown option '--colour'", 'Did you mean --color?'],
  [['run', 'log'], 'There is no source "log".', 'Did you mean "logs"?'],
  [['backfill', 'lgos', '--from', '1h'], 'There is no source "lgos".', 'Did you mean "logs"?'],
  [['tail', '-s', 'logz'], 'There is no source "logz".', 'Did you mean "logs"?'],
  [['run'], "missing required argument 'source'", ''],
  [
    ['run', 'logs', '--until', '1h'],
    '--until needs --since.',
    'next  logferry run logs --since 1h --until now',
  ],
  [['run', 'logs', '--since', 'soon'], '"soon" is no time.', 'next  Write 2h30m (before now)'],
  [['completion', 'tcsh'], 'Allowed choices are bash, zsh, fish.', ''],
  [['discover', '-o', 'xml'], 'Allowed choices are tree, table, json, yaml.', ''],
])('logferry %j ends with 2 and says what was probably meant', async (args, ...said) => {
  const { code, stdout, stderr } = await ground.run(args);
  for (const text of said) expect(stderr).toContain(text);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
});

test('without a command the help goes to standard error and ends with 2; asked for, to standard output with 0', async () => {
  const none = await ground.run([]);
  const asked = await ground.run(['--help']);
  expect(none).toMatchObject({ code: 2, stdout: '' });
  expect(asked).toMatchObject({ code: 0, stderr: '' });
  expect(none.stderr).toBe(asked.stdout);
  for (const command of [
    'demo',
    'init',
    'up',
    'check',
    'discover',
    'run',
    'backfill',
    'tail',
    'runs',
    'validate',
  ])
    expect(asked.stdout).toMatch(new RegExp(`^ {2}${command}\\b`, 'm'));
});

test('a configuration that is not there ends with 2 and says how to get one', async () => {
  const { code, stderr } = await ground.run(['run', 'logs', '-c', 'none.yaml']);
  expect(stderr).toMatch(/^error CONFIG_UNREADABLE none\.yaml:1:1 {2}There is no such file/);
  expect(stderr).toContain('next  Name the file with --config, or write one with `logferry init`.');
  expect(code).toBe(2);
});

test('with --json an error is one JSON object on standard error', async () => {
  const { code, stdout, stderr } = await ground.run(['run', 'log', '--json']);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(JSON.parse(stderr)).toEqual({
    error: {
      code: 'USAGE',
      message: 'There is no source "log". Did you mean "logs"?',
      hint: 'Sources that there are: logs.',
    },
  });
});

test('a typing error leaves no run behind', async () => {
  await ground.run(['run', 'log']);
  const { code, stdout, stderr } = await ground.run(['runs', 'list']);
  expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
  expect(stderr).toContain('Nothing ran yet');
});
