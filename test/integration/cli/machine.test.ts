import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CliGround, startCliGround } from './testing/cli-ground.ts';

const ANSI = /\u001b\[/;

let ground: CliGround;
beforeAll(async () => {
  ground = await startCliGround();
  ground.write();
});
afterAll(() => ground.close());

test('version prints that of Logferry and of Node.js, and as JSON', async () => {
  const { code, stdout } = await ground.run(['version']);
  expect(stdout).toMatch(/^logferry \d+\.\d+\.\d+ \(Node\.js v\d+\.\d+\.\d+, \w+-\w+\)\n$/);
  const json = JSON.parse((await ground.run(['version', '--json'])).stdout) as {
    version: string;
    node: string;
  };
  expect(json.node).toBe(process.version);
  expect((await ground.run(['--version'])).stdout).toBe(`${json.version}\n`);
  expect(code).toBe(0);
});

test('the completion of bash completes commands, subcommands and options', async () => {
  const { code, stdout } = await ground.run(['completion', 'bash']);
  expect(code).toBe(0);
  const file = join(ground.dir, 'completion.bash');
  writeFileSync(file, stdout);
  const complete = (...words: string[]) =>
    execFileSync(
      'bash',
      [
        '-c',
        'source "$1"; shift; COMP_WORDS=(logferry "$@"); COMP_CWORD=$#; _logferry; echo "${COMPREPLY[*]}"',
        'bash',
        file,
        ...words,
      ],
      { encoding: 'utf8' },
    ).trim();
  expect(complete('ru')).toBe('run runs');
  expect(complete('runs', 'l')).toBe('list');
  expect(complete('run', 'logs', '--dr')).toBe('--dry-run');
});

test.each(['zsh', 'fish'])('there is a completion of %s', async (shell) => {
  const { code, stdout } = await ground.run(['completion', shell]);
  expect(stdout).toContain('backfill');
  expect(code).toBe(0);
});

test('doctor finds a fit machine fit', async () => {
  const { code, stdout, stderr } = await ground.run(['doctor']);
  expect(stdout).toMatch(/^✓ Node\.js: v/m);
  expect(stdout).toMatch(/^✓ State engine \(better-sqlite3\): is there$/m);
  expect(stdout).toMatch(/^✓ Configuration: .*logferry\.yaml$/m);
  expect(stdout).toMatch(/^✓ Data folder: .*, free$/m);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const { findings } = JSON.parse((await ground.run(['doctor', '--json'])).stdout) as {
    findings: { status: string; fix?: string }[];
  };
  expect(findings.filter(({ status, fix }) => status === 'ok' && fix !== undefined)).toEqual([]);
});

test('doctor says without a configuration how to get one, and ends with 2 for a bad one', async () => {
  const none = await ground.run(['doctor', '-c', 'none.yaml']);
  expect(none.stdout).toContain(
    '! Configuration: there is no none.yaml\n    next `logferry init` writes one.',
  );
  expect(none.code).toBe(0);
  ground.write('version: 2\n', 'bad.yaml');
  const bad = await ground.run(['doctor', '-c', 'bad.yaml']);
  expect(bad.stdout).toMatch(/✗ Configuration: .*bad\.yaml:1:10/);
  expect(bad.stderr).toContain('error CONFIG_INVALID');
  expect(bad.stderr).toContain('next  `logferry validate` shows every problem.');
  expect(bad.code).toBe(2);
});

test('colours are off where no terminal is; options outrank the environment', async () => {
  const isColoured = async (args: string[], env: Record<string, string> = {}) =>
    ANSI.test((await ground.run(['check', 'file', ...args], env)).stdout);
  expect(await isColoured([])).toBe(false);
  expect(await isColoured(['--color'])).toBe(true);
  expect(await isColoured([], { FORCE_COLOR: '1' })).toBe(true);
  expect(await isColoured([], { FORCE_COLOR: '1', NO_COLOR: '1' })).toBe(false);
  expect(await isColoured(['--color'], { NO_COLOR: '1' })).toBe(true);
  expect(await isColoured(['--no-color'], { FORCE_COLOR: '1' })).toBe(false);
});
