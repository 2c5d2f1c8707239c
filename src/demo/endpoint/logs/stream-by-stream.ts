import { type Random, randomInteger } from '../../../foundation/random.ts';
import type { StoredEvent } from '../../world/stored-event.ts';

/** The same events with the streams one behind the other in a drawn order: FilterLogEvents promises no order across streams. */
export function streamByStream(events: readonly StoredEvent[], random: Random): readonly StoredEvent[] {
  const byStream = Map.groupBy(events, (event) => event.stream);
  const groups = [...byStream.values()];
  for (let index = groups.length - 1; index > 0; index--) {
    const other = randomInteger(random, 0, index + 1);
    const [left, right] = [groups[index], groups[other]];
    if (left !== undefined && right !== undefined) [groups[index], groups[other]] = [right, left];
  }
  return groups.flat();
}
