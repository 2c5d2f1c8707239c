import type { RecordBatch } from '../record/log-record.ts';

/** What came over HTTP, decompressed within its bound. */
export interface PushRequest {
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly path: string;
  readonly body: Buffer;
  readonly receivedAtMillis: number;
}

/** What the intake is to answer. */
export interface PushResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export type PushDecision =
  | {
      readonly kind: 'batch';
      /** The sender's id of the request, the same on its every retry: a known one is acknowledged and not kept again. */
      readonly requestId: string;
      readonly batch: RecordBatch;
    }
  /** Nothing to keep: a health check, a control message. */
  | { readonly kind: 'acknowledge' }
  | { readonly kind: 'refuse'; readonly response: PushResponse };

/** What the state store said of the batch. A reply is made from a receipt, and from nothing else. */
export type Receipt =
  | { readonly kind: 'kept' | 'known' }
  | { readonly kind: 'busy'; readonly retryAfterMillis: number };

/** A source that is called. `decode` and `respond` are pure. */
export interface PushSource {
  /** Path prefix under which the intake mounts it. */
  readonly path: string;
  readonly maxBodyBytes: number;
  decode(request: PushRequest): PushDecision;
  respond(request: PushRequest, receipt: Receipt): PushResponse;
}
