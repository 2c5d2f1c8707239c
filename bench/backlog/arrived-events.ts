import { ReceivedPoints } from '../../src/demo/datakit/received-points.ts';
import { indexOfId } from './backlog-events.ts';

/** How often the events of the backlog came: a bit for each of them. */
export class ArrivedEvents extends ReceivedPoints {
  readonly #bits: Uint8Array;
  readonly #records: number;
  readonly counts = { arrived: 0, twice: 0, unknown: 0 };

  constructor(records: number) {
    super({ keep: 'event_ids' });
    this.#records = records;
    this.#bits = new Uint8Array(Math.ceil(records / 8));
  }

  override addEventId(id: string): void {
    const index = indexOfId(id);
    if (!(index >= 0 && index < this.#records)) {
      this.counts.unknown++;
      return;
    }
    const bit = 1 << (index & 7);
    const before = this.#bits[index >> 3] ?? 0;
    if ((before & bit) !== 0) {
      this.counts.twice++;
      return;
    }
    this.#bits[index >> 3] = before | bit;
    this.counts.arrived++;
  }
}
