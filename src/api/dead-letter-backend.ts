import type { DiscardChoice } from '../contracts/spool.ts';
import type { FieldValue } from '../record/log-record.ts';

/** What the HTTP API needs to look at dead letters, to send them again and to discard them. */
export interface DeadLetterBackend {
  hasDestination(id: string): boolean;
  list(destination: string, query: DeadLetterQuery): Promise<DeadLetterList>;
  /** Begins it. Throws USAGE while one is under way for the destination. */
  send(destination: string, reason: string | undefined): DeadLetterSend;
  /** The last one since the start of the server. */
  sendStatus(destination: string): DeadLetterSend | undefined;
  /** Answers whether one was under way. */
  cancelSend(destination: string): boolean;
  /** A bounded number with each call. Throws USAGE while some are being sent. */
  discard(destination: string, chosen: ChosenDeadLetters): Promise<DiscardResult>;
}

export interface DeadLetterQuery {
  readonly limit: number;
  readonly reason?: string;
  /** Those with smaller ids: the next page. */
  readonly beforeId?: number;
}

/** Newest first. */
export interface DeadLetterList {
  readonly destination: string;
  /** All that are kept for the destination; in records, as are the reasons. */
  readonly kept: number;
  readonly reasons: Readonly<Record<string, number>>;
  readonly deadLetters: readonly ListedDeadLetter[];
}

export interface ListedDeadLetter {
  readonly id: number;
  /** When it was refused first. */
  readonly createdAtMillis: number;
  readonly reason: string;
  readonly detail: string;
  /** How many it stands for: more than one for a damaged entry of the spool. */
  readonly records: number;
  /** Missing where what is stored cannot be read. */
  readonly event?: ListedEvent;
}

export interface ListedEvent {
  readonly id: string;
  readonly timestampMillis: number;
  readonly source: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly level?: string;
  readonly fields?: Readonly<Record<string, FieldValue>>;
  /** Its beginning. */
  readonly message: string;
  /** Of the whole message, in UTF-16 code units. */
  readonly messageLength: number;
}

export interface DeadLetterSend {
  readonly destination: string;
  readonly reason?: string;
  readonly state: 'running' | 'ended' | 'failed' | 'cancelled';
  readonly startedAtMillis: number;
  readonly endedAtMillis?: number;
  readonly sent: number;
  /** Refused again: kept with the new reason. */
  readonly refused: number;
  /** Kept, but damaged, so that they cannot be sent. */
  readonly unreadable: number;
  /** Kept for the destination now, whatever their reason; missing until they were counted. */
  readonly left?: number;
  readonly error?: { readonly code: string; readonly message: string; readonly hint?: string };
}

/** Default: all that are there. */
export type ChosenDeadLetters = Omit<DiscardChoice, 'limit'>;

export interface DiscardResult {
  readonly discarded: number;
  /** Whether there may be more of the chosen ones: then ask again. */
  readonly isMore: boolean;
  /** Kept for the destination now, whatever their reason. */
  readonly left: number;
}
