/** Where an event stands in its log: by time, then by when it came in, then by the order of putting. */
export interface EventKey {
  readonly timestampMillis: number;
  readonly ingestedMillis: number;
  /** Counts the events of the group from 0. */
  readonly sequence: number;
}

/** What an event knows of its stream. */
export interface EventStream {
  readonly name: string;
  /** The beginning of each of its events as FilterLogEvents writes it: made once, it is needed for every event. */
  readonly filterJsonHead: string;
}

export interface StoredEvent extends EventKey {
  readonly visibleAtMillis: number;
  readonly message: string;
  /** As the service counts an event towards its limits: UTF-8 bytes of the message and 26. */
  readonly bytes: number;
  readonly id: string;
  readonly stream: EventStream;
}

/** The service's own overhead of an event, as documented for PutLogEvents. */
export const EVENT_OVERHEAD_BYTES = 26;

export function compareKeys(left: EventKey, right: EventKey): number {
  return (
    left.timestampMillis - right.timestampMillis ||
    left.ingestedMillis - right.ingestedMillis ||
    left.sequence - right.sequence
  );
}
