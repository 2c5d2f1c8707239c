import { EcsRegion } from '../../world/ecs-region.ts';
import type { ReadableAwsWorld, WorldRegion } from '../../world/readable-aws-world.ts';
import { SortedNames } from '../../world/sorted-names.ts';

const EMPTY: WorldRegion = { groups: new SortedNames(), ecs: new EcsRegion() };

/**
 * What a Region shows. One without content is empty, as the wrong Region of a real account is; undefined = the account cannot use
 * it (another partition's, or not among `usable`), where the service knows none of its keys.
 */
export function regionContent(
  world: ReadableAwsWorld,
  region: string,
  usable: readonly string[] | undefined,
): WorldRegion | undefined {
  const content = world.region(region);
  if (content !== undefined) return content;
  const isUsable = usable === undefined ? partitionOf(region) === world.partition : usable.includes(region);
  return isUsable ? EMPTY : undefined;
}

function partitionOf(region: string): ReadableAwsWorld['partition'] {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}
