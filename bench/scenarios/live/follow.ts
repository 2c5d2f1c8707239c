import { GearedClock } from '../../load/live/geared-clock.ts';
import type { Done, LiveSurroundings, Opened } from '../../worker/scenario.ts';
import { type EngineSetup, type OpenedEngine, openEngine } from '../open-engine.ts';

const DRAIN_MILLIS = 60_000;

export type FollowSetup = Pick<EngineSetup, 'sources' | 'requestsPerSecond'>;

/**
 * The product's own engine, following log groups and delivering to a DataKit, in the time of the scenario. Measured is the
 * window of its plan; it ends when the plan says that everything must have arrived.
 */
export async function openFollowing(surroundings: LiveSurroundings, setup: FollowSetup): Promise<Opened> {
  const { plan, datakitUrl } = surroundings;
  const clock = new GearedClock(plan.gears);
  const opened = await openEngine(surroundings, {
    ...setup,
    clock,
    transforms: false,
    destinations: { datakit: { type: 'datakit', url: datakitUrl } },
  });
  if (clock.now() > plan.window.fromMillis) throw new Error('It was to be measured before it was open.');
  opened.engine.follow();
  await clock.sleepUntil(plan.window.fromMillis);
  return {
    run: async (): Promise<Done> => {
      const before = opened.requests();
      await clock.sleepUntil(plan.window.toMillis);
      return { records: 0, points: 0, requests: opened.requests() - before };
    },
    close: async () => {
      await clock.sleepUntil(plan.endMillis);
      await requireCollecting(opened);
      await drainAndClose(opened, DRAIN_MILLIS);
    },
  };
}

/** Throws when a source is not well. */
export async function requireCollecting({ engine }: OpenedEngine): Promise<void> {
  for (const { id, state, error, partitions } of (await engine.pipeline.status()).sources) {
    if (state === 'collecting') continue;
    const detail = error ?? partitions.find((partition) => partition.error !== undefined)?.error;
    throw new Error(`The source ${id} is ${state}: ${detail?.message ?? 'no error'}`);
  }
}

/** Throws when not everything was delivered, or anything was refused or sent again. */
export async function drainAndClose({ engine }: OpenedEngine, longestMillis: number): Promise<void> {
  for (const [id, result] of await engine.pipeline.drain(AbortSignal.timeout(longestMillis)))
    if (!result.drained) throw new Error(`${id} has not got everything: ${result.detail}`);
  for (const { id, deadLetters, retries, lastError } of (await engine.pipeline.status()).destinations) {
    if (deadLetters === 0 && retries === 0) continue;
    throw new Error(`${id}: ${deadLetters} dead letters, ${retries} retries: ${lastError?.detail}`);
  }
  await engine.close(0);
}
