import { accessSync, constants, existsSync, statfsSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname } from 'node:path';
import type { LoadedConfig } from '../config/loaded-config.ts';
import { formatByteSize } from '../foundation/byte-size.ts';
import type { ErrorCode } from '../foundation/error-codes.ts';
import { describeError, LogferryError } from '../foundation/logferry-error.ts';
import { readLockOwner } from '../state/data-dir-lock.ts';
import type { CliContext } from './cli-context.ts';
import { loadCommandConfig } from './command-deps.ts';
import { painter } from './output/paint.ts';

interface Finding {
  readonly status: 'ok' | 'warning' | 'failed';
  readonly title: string;
  readonly detail: string;
  readonly fix?: string;
  /** Of what failed. */
  readonly code?: ErrorCode;
}

const LOW_DISK_BYTES = 1024 ** 3;

/** `logferry doctor`: what of this machine could stand in the way. Connects to nothing outside. */
export async function runDoctor(cli: CliContext): Promise<void> {
  const config = await findConfig(cli);
  const findings: Finding[] = [
    nodeVersion(),
    await engine('State engine (better-sqlite3)', () => import('better-sqlite3'), 'Run `npm ci` again.'),
    await engine(
      'Log store engine (chdb)',
      async () => import.meta.resolve('chdb'),
      'Without it everything works but destinations of type store. `npm install chdb` adds it on Linux and macOS.',
    ),
    config.finding,
    ...(config.loaded === undefined ? [] : await aboutConfig(config.loaded)),
  ];
  report(cli, findings);
  const failed = findings.filter(({ status }) => status === 'failed');
  const [first] = failed;
  if (first === undefined) return;
  throw new LogferryError(
    first.code ?? 'INTERNAL',
    `${failed.map(({ title }) => title).join(', ')}: not well.`,
    first.fix === undefined ? {} : { hint: first.fix },
  );
}

function report(cli: CliContext, findings: readonly Finding[]): void {
  if (cli.options.json) {
    const told = findings.map(({ fix, ...rest }) => (rest.status === 'ok' ? rest : { ...rest, fix }));
    cli.stdout.write(`${JSON.stringify({ findings: told })}\n`);
    return;
  }
  const paint = painter(cli);
  const marks = { ok: paint('green', '✓'), warning: paint('yellow', '!'), failed: paint('red', '✗') };
  for (const { status, title, detail, fix } of findings) {
    cli.stdout.write(`${marks[status]} ${title}: ${detail}\n`);
    if (fix !== undefined && status !== 'ok') cli.stdout.write(`    ${paint('cyan', 'next')} ${fix}\n`);
  }
}

function nodeVersion(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const isFine = major > 22 || (major === 22 && minor >= 19);
  return {
    status: isFine ? 'ok' : 'failed',
    title: 'Node.js',
    detail: `${process.version} at ${process.execPath}`,
    fix: 'Logferry needs Node.js 22.19 or newer; `npm ci` brings one along.',
  };
}

async function engine(title: string, load: () => Promise<unknown>, fix: string): Promise<Finding> {
  try {
    await load();
    return { status: 'ok', title, detail: 'is there' };
  } catch (thrown) {
    return { status: 'warning', title, detail: describeError(thrown), fix };
  }
}

async function findConfig(cli: CliContext): Promise<{ loaded?: LoadedConfig; finding: Finding }> {
  const title = 'Configuration';
  const path = cli.options.config;
  if (!existsSync(path))
    return {
      finding: {
        status: 'warning',
        title,
        detail: `there is no ${path}`,
        fix: '`logferry init` writes one.',
      },
    };
  try {
    const loaded = await loadCommandConfig(cli);
    return { loaded, finding: { status: 'ok', title, detail: loaded.path } };
  } catch (thrown) {
    return {
      finding: {
        status: 'failed',
        title,
        detail: describeError(thrown),
        fix: '`logferry validate` shows every problem.',
        code: thrown instanceof LogferryError ? thrown.code : 'CONFIG_INVALID',
      },
    };
  }
}

async function aboutConfig(config: LoadedConfig): Promise<Finding[]> {
  return [await dataDir(config), disk(config), await port(config)];
}

async function dataDir({ dataDir: dir }: LoadedConfig): Promise<Finding> {
  const title = 'Data folder';
  try {
    accessSync(nearestExisting(dir), constants.R_OK | constants.W_OK);
  } catch (thrown) {
    const fix = `Let this user write to ${dir}.`;
    return { status: 'failed', title, detail: describeError(thrown), fix, code: 'DATA_DIR_UNUSABLE' };
  }
  const owner = existsSync(dir) ? await readLockOwner(dir) : undefined;
  const state = owner === undefined ? 'free' : `in use by ${owner.command} (process ${owner.pid})`;
  return { status: 'ok', title, detail: `${dir}, ${state}` };
}

function disk({ dataDir: dir }: LoadedConfig): Finding {
  const { bavail, bsize } = statfsSync(nearestExisting(dir));
  const free = bavail * bsize;
  return {
    status: free < LOW_DISK_BYTES ? 'warning' : 'ok',
    title: 'Disk',
    detail: `${formatByteSize(free)} free`,
    fix: 'Make room, or lower spool.max_bytes and max_disk of stores.',
  };
}

async function port({ server: { host, port: number } }: LoadedConfig): Promise<Finding> {
  const title = `Port ${host}:${number}`;
  return await new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', (thrown) => {
      const fix = 'Stop what listens there (a Logferry of yours?), or set server.listen to another port.';
      resolve({ status: 'warning', title, detail: describeError(thrown), fix });
    });
    probe.listen(number, host, () => {
      probe.close(() => resolve({ status: 'ok', title, detail: 'free' }));
    });
  });
}

function nearestExisting(path: string): string {
  return existsSync(path) ? path : nearestExisting(dirname(path));
}
