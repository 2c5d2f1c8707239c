/** A log group that is deleted and made again under its name, as deployments do. */
import { afterEach, expect, test } from 'vitest';
import { noCounts } from '../../src/pipeline/slice-reader.ts';
import { GROUP, REGION, startWholePath } from './testing/whole-path.ts';

let path: Awaited<ReturnType<typeof startWholePath>> | undefined;
afterEach(async () => {
  await path?.close();
  path = undefined;
});

test('what it holds comes once, however often it was read; what was unread of the old one is a gap', async () => {
  path = await startWholePath();
  const { world, engine } = path;
  const ids: string[] = [];
  const put = (text: string) =>
    ids.push(
      ...world.putEvents(REGION, GROUP, 'app/web/1', [{ timestampMillis: Date.now(), message: text }]),
    );
  const collect = () => engine.pipeline.collectOnce('logs', noCounts(), AbortSignal.timeout(30_000));
  const remake = () => {
    world.deleteLogGroup(REGION, GROUP);
    world.createLogGroup({ region: REGION, name: GROUP, createdAtMillis: Date.now() + 1 });
  };

  put('of the old group');
  await collect();
  put('never read');
  ids.pop();
  remake();
  put('of the new group');
  await collect();
  await collect();
  put('of the new group, later');
  await collect();
  remake();
  put('of the third group');
  await collect();
  await engine.pipeline.drain(AbortSignal.timeout(30_000));

  expect(path.written().map(({ id }) => id)).toEqual(ids);
  const [stored] = await engine.store.list('logs|');
  expect(stored?.checkpoint.gaps.map(({ reason }) => reason)).toEqual(['deleted', 'deleted']);
});
