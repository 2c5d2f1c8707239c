import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lockDataDir, readLockOwner } from './data-dir-lock.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'logferry-lock-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const owner = { pid: process.pid, sinceMillis: 1_700_000_000_000, command: 'logferry up' };

/** Another process that takes the lock and keeps it until it is killed. */
async function holdInAnotherProcess() {
  const script = join(dir, 'hold.ts');
  const lockModule = new URL('./data-dir-lock.ts', import.meta.url).href;
  writeFileSync(
    script,
    `import { lockDataDir } from ${JSON.stringify(lockModule)};
     await lockDataDir(${JSON.stringify(dir)}, { pid: process.pid, sinceMillis: 1, command: 'logferry run x' });
     process.stdout.write('held');
     setInterval(() => {}, 1000);`,
  );
  const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  return child;
}

test('a second process is refused with the pid and the command of the first', async () => {
  const child = await holdInAnotherProcess();
  try {
    await expect(lockDataDir(dir, owner)).rejects.toMatchObject({
      code: 'DATA_DIR_LOCKED',
      message: expect.stringMatching(new RegExp(`logferry run x.*process ${child.pid},`)) as string,
    });
    expect(await readLockOwner(dir)).toMatchObject({ pid: child.pid, command: 'logferry run x' });
  } finally {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
});

test('SIGKILL leaves no lock behind, though the owner file still names the dead', async () => {
  const child = await holdInAnotherProcess();
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(await readLockOwner(dir)).toBeUndefined();
  const lock = await lockDataDir(dir, owner);
  expect(await readLockOwner(dir)).toEqual(owner);
  lock.release();
});

test('the same process cannot take it twice, and can again after giving it back', async () => {
  const first = await lockDataDir(dir, owner);
  await expect(lockDataDir(dir, owner)).rejects.toMatchObject({ code: 'DATA_DIR_LOCKED' });
  first.release();
  first.release();
  (await lockDataDir(dir, owner)).release();
});

test('a damaged owner file costs the name, not the lock', async () => {
  const lock = await lockDataDir(dir, owner);
  writeFileSync(join(dir, 'lock-owner.json'), '{"pid":');
  await expect(lockDataDir(dir, owner)).rejects.toMatchObject({
    code: 'DATA_DIR_LOCKED',
    message: expect.stringContaining('another process') as string,
  });
  lock.release();
});

test('a folder that cannot be made is said to be unusable', async () => {
  const file = join(dir, 'file');
  writeFileSync(file, '');
  await expect(lockDataDir(join(file, 'data'), owner)).rejects.toMatchObject({ code: 'DATA_DIR_UNUSABLE' });
});
