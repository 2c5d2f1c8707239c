import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { DeadLetterList } from '../../../src/api/dead-letter-backend.ts';
import { FAULT_REPLIES } from '../../../src/demo/datakit/faults.ts';
import { damageEntry } from '../../../src/state/sqlite/testing/damage-entry.ts';
import { type CliGround, inGround } from './testing/cli-ground.ts';
import { until } from './testing/start-cli.ts';
import { freePort } from './testing/web-server.ts';

const badPoint = { kind: 'reply', reply: FAULT_REPLIES.badPoint } as const;

/** A folder with so many dead letters; the DataKit takes them by now. Answers their event ids. */
async function refuseEvents(
  ground: CliGround,
  events: number,
  more: object = {},
): Promise<readonly string[]> {
  ground.write({
    destinations: {
      datakit: {
        type: 'datakit',
        inputs: ['logs'],
        url: ground.datakit.url,
        linger: '0s',
        max_batch_records: 5,
      },
    },
    ...more,
  });
  const ids = ground.putEvents(events);
  ground.datakit.faults.add(badPoint);
  const { stdout } = await ground.run(['run', 'logs']);
  expect(stdout).toContain(`dead letters datakit ${events}\n`);
  ground.datakit.faults.clear();
  return ids;
}

const listJson = async (ground: CliGround) =>
  JSON.parse((await ground.run(['dead-letters', 'list', 'datakit', '--json'])).stdout) as DeadLetterList;

test.concurrent(
  'dead letters are listed, sent again and then gone',
  inGround(async (ground) => {
    const ids = await refuseEvents(ground, 12);
    const list = await ground.run(['dead-letters', 'list', 'datakit', '--limit', '5']);
    expect(list.code).toBe(0);
    expect(list.stderr).toMatch(
      /^datakit has 12 dead letters: bad_point 12\nOlder ones: add --before \d+\n$/,
    );
    expect(list.stdout.match(/^#\d+ {2}bad_point {2}refused .* {2}web$/gm)).toHaveLength(5);
    expect(list.stdout).toMatch(/^ {4}.*missing fields.*\n {4}line \d+ of 12$/m);
    const summary = await ground.run(['dead-letters']);
    expect(summary.stdout).toMatch(/^DESTINATION +KEPT +ON DISK +REASONS\ndatakit +12 +.* +bad_point 12\n$/);
    expect((await listJson(ground)).deadLetters.map(({ event }) => event?.id ?? '').toSorted()).toEqual(ids);

    const none = await ground.run(['dead-letters', 'send', 'datakit', '--reason', 'too_old']);
    expect(none).toMatchObject({ code: 0, stdout: 'sent 0 · refused 0 · left 12\n' });
    expect(none.stderr).toBe('datakit has 12 dead letters: bad_point 12; none for "too_old"\n');

    const send = await ground.run(['dead-letters', 'send', 'datakit']);
    expect(send).toMatchObject({ code: 0, stdout: 'sent 12 · refused 0 · left 0\n', stderr: '' });
    expect([...ground.datakit.received.eventIds.keys()].toSorted()).toEqual(ids);
    expect(ground.datakit.received.duplicates).toBe(0);
    const after = await ground.run(['dead-letters', 'list', 'datakit']);
    expect(after).toMatchObject({ code: 0, stdout: '', stderr: 'No dead letters are kept for datakit.\n' });
  }),
);

test.concurrent(
  'a destination that is down, or refuses them again, keeps them; exit code and message say which',
  inGround(async (ground) => {
    await refuseEvents(ground, 7);
    await ground.datakit.refuse();
    const down = await ground.run(['dead-letters', 'send', 'datakit']);
    expect(down).toMatchObject({ code: 5, stdout: 'sent 0 · refused 0 · left 7\n' });
    expect(down.stderr).toMatch(/error DESTINATION_UNREACHABLE "datakit" does not take dead letters now/);
    expect(down.stderr).toContain('next  What was not sent is still kept');
    await ground.datakit.accept();
    ground.datakit.faults.add(badPoint);
    const refused = await ground.run(['dead-letters', 'send', 'datakit', '--json']);
    expect(refused.code).toBe(3);
    expect(JSON.parse(refused.stdout)).toEqual({
      destination: 'datakit',
      sent: 0,
      refused: 7,
      unreadable: 0,
      left: 7,
    });
    expect(JSON.parse(refused.stderr)).toMatchObject({ error: { code: 'DESTINATION_REJECTED' } });
    expect(await listJson(ground)).toMatchObject({ kept: 7 });
  }),
);

test.concurrent(
  'killed while sending, nothing is lost: the next time sends at most the batch in flight twice',
  inGround(async (ground) => {
    const ids = await refuseEvents(ground, 20);
    // The second batch is taken, but never answered.
    ground.datakit.faults.add({ kind: 'hang', taken: true }, { after: 1, times: 1 });
    const killed = ground.start(['dead-letters', 'send', 'datakit']);
    await until(() => ground.datakit.received.count === 10, 'two batches');
    killed.kill('SIGKILL');
    await killed.ended;
    expect(await listJson(ground)).toMatchObject({ kept: 15 });
    const again = await ground.run(['dead-letters', 'send', 'datakit']);
    expect(again.stdout).toBe('sent 15 · refused 0 · left 0\n');
    const times = ground.datakit.received.eventIds;
    expect([...times.keys()].toSorted()).toEqual(ids);
    expect([...times.values()].filter((count) => count > 1)).toHaveLength(5);
    expect(Math.max(...times.values())).toBe(2);
  }),
);

test.concurrent(
  'discarding has to be confirmed, and takes only what was chosen',
  inGround(async (ground) => {
    await refuseEvents(ground, 8);
    const asked = await ground.run(['dead-letters', 'discard', 'datakit']);
    expect(asked).toMatchObject({ code: 2, stdout: '' });
    expect(asked.stderr).toContain('error USAGE Discarding 8 dead letters of "datakit" has to be confirmed.');
    expect(asked.stderr).toContain('next  Add --yes.');
    const other = await ground.run(['dead-letters', 'discard', 'datakit', '--reason', 'x', '--yes']);
    expect(other).toMatchObject({ code: 0, stdout: 'discarded 0 · left 8\n' });
    const mine = await ground.run(['dead-letters', 'discard', 'datakit', '--reason', 'bad_point', '--yes']);
    expect(mine).toMatchObject({ code: 0, stdout: 'discarded 8 · left 0\n', stderr: '' });
    const none = await ground.run(['dead-letters', 'discard', 'datakit', '--json']);
    expect(JSON.parse(none.stdout)).toEqual({ destination: 'datakit', discarded: 0, left: 0 });
    expect(ground.datakit.received.count).toBe(0);
  }),
);

test.concurrent(
  'a destination that is not there is told with what was probably meant',
  inGround(async (ground) => {
    ground.write();
    for (const args of [['list'], ['send'], ['discard', '--yes']]) {
      const { code, stderr } = await ground.run(['dead-letters', ...args, 'datakti']);
      expect(stderr).toContain(
        'error DESTINATION_NOT_FOUND There is no destination "datakti". Did you mean "datakit"?',
      );
      expect(code).toBe(2);
    }
    const nothingYet = await ground.run(['dead-letters', 'list', 'datakit']);
    expect(nothingYet).toMatchObject({
      code: 0,
      stdout: '',
      stderr: 'No dead letters are kept for datakit.\n',
    });
  }),
);

test.concurrent(
  'beside a server it lists; the server sends and discards',
  inGround(async (ground) => {
    const port = await freePort();
    const ids = await refuseEvents(ground, 12, { top: { server: { listen: `127.0.0.1:${port}` } } });
    const up = ground.start(['up']);
    await up.untilStderr(/Logferry is up\./);
    expect(await listJson(ground)).toMatchObject({ kept: 12 });
    const send = await ground.run(['dead-letters', 'send', 'datakit']);
    expect(send).toMatchObject({ code: 0, stdout: 'sent 12 · refused 0 · left 0\n' });
    expect(send.stderr).toBe('The server on this data folder sends them.\n');
    expect([...ground.datakit.received.eventIds.keys()].toSorted()).toEqual(ids);

    ground.datakit.faults.add(badPoint);
    ground.putEvents(6, 0);
    await ground.run(['run', 'logs']);
    const refused = await ground.run(['dead-letters', 'send', 'datakit']);
    expect(refused).toMatchObject({ code: 3, stdout: 'sent 0 · refused 6 · left 6\n' });
    expect(refused.stderr).toContain('error DESTINATION_REJECTED');
    const discard = await ground.run(['dead-letters', 'discard', 'datakit', '--yes']);
    expect(discard).toMatchObject({ code: 0, stdout: 'discarded 6 · left 0\n' });

    // Interrupted, the server's sending ends too.
    ground.putEvents(6, 0);
    await ground.run(['run', 'logs']);
    ground.datakit.faults.clear();
    ground.datakit.faults.add({ kind: 'hang' });
    const interrupted = ground.start(['dead-letters', 'send', 'datakit']);
    await interrupted.untilStderr(/sends them/);
    await until(() => ground.datakit.faults.struck > 0, 'a write that hangs');
    interrupted.kill('SIGINT');
    expect(await interrupted.ended).toMatchObject({ code: 130 });
    const status = async () => {
      const reply = await fetch(`http://127.0.0.1:${port}/api/v1/destinations/datakit/dead-letters/send`);
      return ((await reply.json()) as { state: string }).state === 'cancelled';
    };
    await until(status, 'the sending to be cancelled');
    expect(await listJson(ground)).toMatchObject({ kept: 6 });
  }),
);

test.concurrent(
  'a damaged entry of the spool costs its own records only, and says so; a backfill brings them again',
  inGround(async (ground) => {
    const datakit = { type: 'datakit', inputs: ['logs'], url: ground.datakit.url, linger: '0s' };
    ground.write({ destinations: { datakit } });
    // Two entries wait in the spool.
    await ground.datakit.refuse();
    const first = ground.putEvents(20, 30_000);
    expect(await ground.run(['run', 'logs'])).toMatchObject({ code: 5 });
    const second = ground.putEvents(7, 0);
    expect(await ground.run(['run', 'logs'])).toMatchObject({ code: 5 });
    damageEntry(join(ground.dir, 'data', 'state.db'), 1);
    await ground.datakit.accept();

    const run = await ground.run(['run', 'logs']);
    expect(run.stderr).toMatch(/A damaged entry of the spool was set aside: its records are not delivered/);
    expect(run.stdout).toMatch(/dead letters datakit 20\ntotal \d+\n$/);
    expect(run.code).toBe(0);
    expect([...ground.datakit.received.eventIds.keys()].toSorted()).toEqual(second);

    const list = await ground.run(['dead-letters', 'list', 'datakit']);
    expect(list.stderr).toBe('datakit has 20 dead letters: damaged 20\n');
    expect(list.stdout).toMatch(
      /^#1 {2}damaged {2}refused .*\n {4}.*\n {4}\(20 records that cannot be read\)\n$/,
    );
    const send = await ground.run(['dead-letters', 'send', 'datakit']);
    expect(send).toMatchObject({ code: 1, stdout: 'sent 0 · refused 0 · unreadable 20 · left 20\n' });
    expect(send.stderr).toContain('error STATE_CORRUPT 20 dead letters of "datakit" are damaged');

    const backfill = await ground.run(['backfill', 'logs', '--from', '5m', '--again']);
    expect(backfill.code).toBe(0);
    expect([...ground.datakit.received.eventIds.keys()].toSorted()).toEqual([...first, ...second].toSorted());
    const discard = await ground.run(['dead-letters', 'discard', 'datakit', '--yes']);
    expect(discard).toMatchObject({ code: 0, stdout: 'discarded 20 · left 0\n' });
  }),
);
