import { startDataKitStandIn } from '../../../../src/demo/datakit/start-datakit-stand-in.ts';
import { startAwsEndpoint } from '../../../../src/demo/endpoint/start-aws-endpoint.ts';
import { createAwsWorld } from '../../../../src/demo/world/create-aws-world.ts';
import type { ReadableAwsWorld } from '../../../../src/demo/world/readable-aws-world.ts';
import { FakeClock } from '../../../../src/foundation/fake-clock.ts';
import { seededRandom } from '../../../../src/foundation/random.ts';
import { collectOnce } from '../../../seed-way/collect-once.ts';
import { memoryCache } from '../../../seed-way/function-cache.ts';
import { type LogferryOptions, startLogferry } from './logferry.ts';
import { tally } from './tally.ts';

export const REGION = 'us-east-1';
export const GROUP = '/ecs/demo-task';
export const STREAM = 'ecs/demo/0123456789abcdef0123456789abcdef';
export const MINUTE = 60_000;
/** A whole minute, at which the world begins. */
export const START = Date.UTC(2026, 10, 20, 12);

export interface TwoWaysOptions extends Pick<LogferryOptions, 'source' | 'transforms'> {
  readonly groups?: readonly string[];
  /** Makes the groups and what else there is; empty groups when left out. */
  readonly fill?: (world: ReadableAwsWorld, clock: FakeClock) => void;
}

/** One AWS account, read by the seed's way into one DataKit and by Logferry into another. Time stands still but for `pass`. */
export async function startTwoWays(options: TwoWaysOptions = {}) {
  const groups = options.groups ?? [GROUP];
  const clock = new FakeClock(START);
  const world = createAwsWorld();
  if (options.fill !== undefined) options.fill(world, clock);
  else for (const name of groups) world.createLogGroup({ region: REGION, name });
  const endpoint = await startAwsEndpoint({ world, clock, random: seededRandom(1) });
  const seedDataKit = await startDataKitStandIn({ clock });
  const logferryDataKit = await startDataKitStandIn({ clock });
  const cache = memoryCache();
  const logferry = await startLogferry({
    ...options,
    clock,
    region: REGION,
    groups,
    endpoint: endpoint.url,
    datakit: logferryDataKit.url,
  });
  const expected = () => groups.flatMap((group) => world.events(REGION, group));
  return {
    world,
    endpoint,
    expected,
    now: () => clock.now(),
    /** Lets time pass for everybody. No wait ends by it: what is under way must not run into its timeout. */
    pass: (millis: number) => clock.setWallClock(clock.now() + millis),
    /** Lets time pass for those who wait for it, too. */
    advance: (millis: number) => clock.advance(millis),
    seed: {
      datakit: seedDataKit,
      /** What the triggers do that are due now. */
      run: (intervalSeconds = 60) =>
        collectOnce({
          endpoint: endpoint.url,
          region: REGION,
          groups,
          datakitUrl: seedDataKit.url,
          cache,
          now: () => clock.now(),
          intervalSeconds,
        }),
      /** By their text, since the script sends no id: what the test puts must differ. */
      result: () =>
        tally(
          expected().map(({ message }) => message),
          seedDataKit.received.toArray().map(({ fields }) => String(fields['message'])),
        ),
    },
    logferry: {
      ...logferry,
      datakit: logferryDataKit,
      /** By the event ids, over both destinations. */
      result: () => {
        const wanted = expected().map(({ id }) => id);
        const ids = logferryDataKit.received.toArray().map(({ fields }) => String(fields['event_id']));
        return {
          datakit: tally(wanted, ids),
          file: tally(
            wanted,
            logferry.written().map(({ id }) => id),
          ),
        };
      },
    },
    close: async () => {
      await logferry.close();
      await endpoint.close();
      await seedDataKit.close();
      await logferryDataKit.close();
    },
  };
}

export type TwoWays = Awaited<ReturnType<typeof startTwoWays>>;

/** What Logferry's `result` has to be. */
export const COMPLETE = { datakit: { lost: 0, twice: 0 }, file: { lost: 0, twice: 0 } };
