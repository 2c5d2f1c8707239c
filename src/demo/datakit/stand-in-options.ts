import type { Clock } from '../../foundation/clock.ts';
import type { Random } from '../../foundation/random.ts';
import type { Faults } from './faults.ts';
import type { ReceivedPoints, StorageOptions } from './received-points.ts';

export interface DataKitStandInOptions {
  readonly clock: Clock;
  /** 127.0.0.1 when left out. */
  readonly host?: string;
  /** A free one when left out. */
  readonly port?: number;
  readonly storage?: StorageOptions;
  /** What keeps the points, in place of one made from `storage`. */
  readonly received?: ReceivedPoints;
  /** For faults that strike with a probability. */
  readonly random?: Random;
  /**
   * Makes it the public intake: writes need `?token=` with this one, replies carry no `X-Datakit`, and points are stored
   * as they come (no host tags, no `__orig_time`).
   */
  readonly dataway?: { readonly token: string };
  /** Rewrites timestamps more than 2 h off, as a DataKit does unless it is told not to. True when left out. */
  readonly correctTimestamps?: boolean;
  /** Of all clients together; over it the reply is 429. A DataKit's default is 100 a client; here it is no limit. */
  readonly maxRequestsPerSecond?: number;
  /** Over it the reply is 413, as of a proxy: DataKit itself has no such limit. 64 MiB when left out. */
  readonly maxBodyBytes?: number;
}

/** Since the start; clearing `received` does not touch them. */
export interface StandInCounters {
  /** Requests of any kind. */
  readonly requests: number;
  readonly writes: number;
  /** Of writes, by status of the reply; those without a reply are missing. */
  readonly statuses: Readonly<Record<number, number>>;
  /** Of bodies of writes, as they came over the wire. */
  readonly bytes: number;
  /** Points dropped in silence after a 200, for being over 1 MiB. */
  readonly droppedOversize: number;
}

export interface DataKitStandIn {
  /** `http://127.0.0.1:port`, without a slash at its end. */
  readonly url: string;
  readonly port: number;
  readonly received: ReceivedPoints;
  readonly faults: Faults;
  /** The state of now. */
  readonly counters: StandInCounters;
  /** Points taken: `received.count`. */
  readonly points: number;
  /** Requests of any kind: `counters.requests`. */
  readonly requests: number;
  /** Ends all connections and stops listening, so that clients are refused, until `accept`. */
  refuse(): Promise<void>;
  /** Listens again on the same port. */
  accept(): Promise<void>;
  /** Ends everything at once; idempotent. */
  close(): Promise<void>;
}
