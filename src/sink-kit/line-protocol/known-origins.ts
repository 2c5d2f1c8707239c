import type { Origin } from '../../record/log-record.ts';
import { NanosecondOrder } from './nanosecond-order.ts';
import { type PointPrefix, pointPrefix } from './point-prefix.ts';

/** Of streams that wrote lately; the others begin at offset 0 again. */
const MAX_ORDERS = 10_000;

export interface KnownOrigin {
  readonly prefix: PointPrefix;
  readonly order: NanosecondOrder;
}

/**
 * What was made of origins. The records of one spool entry share their Origin objects; the same stream in another entry
 * is another object, and is known by its prefix: so the order goes on over entries.
 */
export class KnownOrigins {
  readonly #extraTags: Readonly<Record<string, string>>;
  readonly #origins = new WeakMap<Origin, KnownOrigin>();
  /** Least recently met first. */
  readonly #orders = new Map<string, NanosecondOrder>();

  constructor(extraTags: Readonly<Record<string, string>>) {
    this.#extraTags = extraTags;
  }

  get(origin: Origin): KnownOrigin {
    const known = this.#origins.get(origin);
    if (known !== undefined) return known;
    const prefix = pointPrefix(origin, this.#extraTags);
    const made = { prefix, order: this.#orderOf(prefix.text) };
    this.#origins.set(origin, made);
    return made;
  }

  #orderOf(stream: string): NanosecondOrder {
    const order = this.#orders.get(stream) ?? new NanosecondOrder();
    this.#orders.delete(stream);
    this.#orders.set(stream, order);
    if (this.#orders.size > MAX_ORDERS) {
      const [oldest] = this.#orders.keys();
      if (oldest !== undefined) this.#orders.delete(oldest);
    }
    return order;
  }
}
