import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type CliGround, inGround } from './testing/cli-ground.ts';
import { type CliProcess, until } from './testing/start-cli.ts';

interface Status {
  readonly destinations: readonly { readonly id: string; readonly delivered: number }[];
}

/** Direct children; none where the system does not tell. */
function childrenOf(pid: number): number[] {
  const path = `/proc/${pid}/task/${pid}/children`;
  return existsSync(path) ? readFileSync(path, 'utf8').trim().split(' ').filter(Boolean).map(Number) : [];
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // One that ended and was not waited for is no longer running.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

const demoFolders = (ground: CliGround) =>
  readdirSync(ground.dir).filter((name) => name.startsWith('logferry-demo-'));

async function startDemo(ground: CliGround): Promise<{ demo: CliProcess; url: string }> {
  const demo = ground.start(['demo', '--port', '0']);
  const [, url = ''] = await demo.untilStderr(/(http:\/\/127\.0\.0\.1:\d+)\/api\/v1\/status/);
  return { demo, url };
}

test.concurrent(
  'shows a URL, lets records flow into store and DataKit, and Ctrl-C ends it with 0 and nothing left behind',
  inGround(async (ground) => {
    const { demo, url } = await startDemo(ground);
    await until(async () => {
      const { destinations } = (await (await fetch(`${url}/api/v1/status`)).json()) as Status;
      return destinations.length === 2 && destinations.every(({ delivered }) => delivered > 100)
        ? true
        : undefined;
    }, 'records in both destinations');
    expect(await (await fetch(`${url}/metrics`)).text()).toMatch(
      /^logferry_fetched_records_total\{source="ecs_services"\} [1-9]/m,
    );
    // Lines as the store has them, on standard output.
    await until(() => demo.stdout().split('\n').length > 3 || undefined, 'lines of the store');
    expect(demoFolders(ground)).toHaveLength(1);
    const children = childrenOf(demo.pid);
    demo.kill('SIGINT');
    const { code, stderr } = await demo.ended;
    expect(stderr).toContain('Stopping …');
    expect(stderr).not.toMatch(/\berror\b/);
    expect(code).toBe(0);
    expect(demoFolders(ground)).toEqual([]);
    expect(children.filter(isAlive)).toEqual([]);
  }),
);

test.concurrent(
  'ended in a hurry (Ctrl-C twice, or a reader that goes) it leaves nothing behind either',
  inGround(async (ground) => {
    const { demo } = await startDemo(ground);
    const children = childrenOf(demo.pid);
    demo.kill('SIGINT');
    demo.kill('SIGTERM');
    expect([0, 130]).toContain((await demo.ended).code);
    expect(demoFolders(ground)).toEqual([]);
    await until(() => !children.some(isAlive) || undefined, 'its children to end');

    const piped = ground.start(['demo', '--port', '0']);
    piped.child.stdout?.destroy();
    expect((await piped.ended).code).toBe(0);
    expect(demoFolders(ground)).toEqual([]);
  }),
);
