import type { Partition, Slice } from '../../contracts/pull-source.ts';
import { FoundEvents } from './found-events.ts';

/** What reading a minute shows; undefined when there are more events than are held against each other. */
export async function readAgain(
  partition: Pick<Partition, 'read'>,
  minute: Slice,
  signal: AbortSignal,
): Promise<FoundEvents | undefined> {
  const found = new FoundEvents();
  for await (const page of partition.read(minute, signal)) if (!found.add(page.records)) return undefined;
  return found;
}
