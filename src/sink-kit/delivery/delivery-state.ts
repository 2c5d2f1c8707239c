/**
 * What a delivery is doing, as the console and /readyz show it.
 *
 *   starting ──> idle <──> delivering <──> retrying
 *      │           └───────────┴──────────────┤
 *      └──> failed ──────────────────────────┴──> stopping ──> stopped
 */
export type DeliveryState =
  | { readonly kind: 'starting' }
  | { readonly kind: 'idle' }
  | { readonly kind: 'delivering' }
  | {
      readonly kind: 'retrying';
      /** Short and stable. */
      readonly reason: string;
      readonly detail: string;
      /** Of the write that comes next: 1 is the first retry. */
      readonly attempt: number;
      readonly sinceMillis: number;
      readonly nextAttemptAtMillis: number;
    }
  /** The sink can never work as it is configured. */
  | {
      readonly kind: 'failed';
      readonly reason: string;
      readonly detail: string;
      readonly sinceMillis: number;
    }
  | { readonly kind: 'stopping' }
  | { readonly kind: 'stopped' };

export type DeliveryEvent =
  | { readonly kind: 'opened' }
  | {
      readonly kind: 'open_failed';
      readonly reason: string;
      readonly detail: string;
      readonly atMillis: number;
    }
  | { readonly kind: 'handed_out' }
  /** The destination answered with something else than "try later". */
  | { readonly kind: 'answered' }
  | {
      readonly kind: 'must_retry';
      readonly reason: string;
      readonly detail: string;
      readonly atMillis: number;
      readonly nextAttemptAtMillis: number;
      /** Written before the outage was known: it is no further attempt. */
      readonly concurrent: boolean;
    }
  /** Nothing waits. */
  | { readonly kind: 'emptied' }
  | { readonly kind: 'stop_asked' }
  | { readonly kind: 'ended' };

type StateOf<Kind extends DeliveryState['kind']> = Extract<DeliveryState, { kind: Kind }>;
type EventOf<Kind extends DeliveryEvent['kind']> = Extract<DeliveryEvent, { kind: Kind }>;
type Table = {
  readonly [S in DeliveryState['kind']]: {
    readonly [E in DeliveryEvent['kind']]: (state: StateOf<S>, event: EventOf<E>) => DeliveryState;
  };
};

const IDLE: DeliveryState = { kind: 'idle' };
const DELIVERING: DeliveryState = { kind: 'delivering' };
const STOPPING: DeliveryState = { kind: 'stopping' };
const STOPPED: DeliveryState = { kind: 'stopped' };

const same = (state: DeliveryState): DeliveryState => state;
const idle = (): DeliveryState => IDLE;
const delivering = (): DeliveryState => DELIVERING;
const stopping = (): DeliveryState => STOPPING;
const stopped = (): DeliveryState => STOPPED;

function failed(_: DeliveryState, event: EventOf<'open_failed'>): DeliveryState {
  return { kind: 'failed', reason: event.reason, detail: event.detail, sinceMillis: event.atMillis };
}

function firstRetry(_: DeliveryState, event: EventOf<'must_retry'>): DeliveryState {
  return {
    kind: 'retrying',
    reason: event.reason,
    detail: event.detail,
    attempt: 1,
    sinceMillis: event.atMillis,
    nextAttemptAtMillis: event.nextAttemptAtMillis,
  };
}

function nextRetry(state: StateOf<'retrying'>, event: EventOf<'must_retry'>): DeliveryState {
  return {
    kind: 'retrying',
    reason: event.reason,
    detail: event.detail,
    attempt: event.concurrent ? state.attempt : state.attempt + 1,
    sinceMillis: state.sinceMillis,
    nextAttemptAtMillis: event.concurrent
      ? Math.max(state.nextAttemptAtMillis, event.nextAttemptAtMillis)
      : event.nextAttemptAtMillis,
  };
}

const STAYS = {
  opened: same,
  open_failed: same,
  handed_out: same,
  answered: same,
  must_retry: same,
  emptied: same,
  stop_asked: stopping,
  ended: stopped,
} as const;

const TABLE: Table = {
  starting: { ...STAYS, opened: idle, open_failed: failed },
  idle: { ...STAYS, handed_out: delivering, must_retry: firstRetry },
  delivering: { ...STAYS, must_retry: firstRetry, emptied: idle },
  retrying: { ...STAYS, answered: delivering, must_retry: nextRetry },
  failed: { ...STAYS },
  stopping: { ...STAYS },
  stopped: { ...STAYS, stop_asked: stopped },
};

export function nextState(state: DeliveryState, event: DeliveryEvent): DeliveryState {
  const row = TABLE[state.kind] as Readonly<
    Record<DeliveryEvent['kind'], (state: DeliveryState, event: DeliveryEvent) => DeliveryState>
  >;
  return row[event.kind](state, event);
}
