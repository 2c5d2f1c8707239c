/** Which requests a rule is for. What is left out does not narrow it. */
export interface FaultScope {
  /** `FilterLogEvents`, or several. */
  readonly action?: string | readonly string[];
  readonly region?: string;
  /** Name of the log group that the request names. */
  readonly group?: string;
  /** Lets this many requests pass before it begins. */
  readonly skip?: number;
  /** Ends after this many. */
  readonly times?: number;
  /** 0–1, drawn for each request with the endpoint's random numbers. */
  readonly probability?: number;
}

/** Answers in place of the operation, which is not run. */
export type InsteadFault =
  /** ThrottlingException. With `perSecond`, only what exceeds that rate, for each Region and action; `burst` may come at once. */
  | { readonly kind: 'throttle'; readonly perSecond?: number; readonly burst?: number }
  /** AccessDeniedException that names caller, action and resource. */
  | { readonly kind: 'deny' }
  /** 503 ServiceUnavailable… when nothing is said; `InternalFailure` is answered with 500. */
  | { readonly kind: 'server-error'; readonly code?: 'ServiceUnavailableException' | 'InternalFailure' }
  /** Any error there is: a KMS key that may not be used, a name that only newer services know. */
  | { readonly kind: 'error'; readonly code: string; readonly message: string; readonly status?: number }
  /** Requests that come with a token are told that it has expired. */
  | { readonly kind: 'expired-token' }
  /** The page of a proxy that stands in between. */
  | { readonly kind: 'html'; readonly status?: 200 | 502 }
  /** 200 with this body, whatever was asked. */
  | { readonly kind: 'body'; readonly body: string; readonly contentType?: string }
  /** The connection is reset before any answer. */
  | { readonly kind: 'reset' }
  /** No answer, until the client gives up or the endpoint is closed. */
  | { readonly kind: 'hang' };

/** Bends a page that the operation makes; only for actions that have pages. */
export type PageFault =
  | { readonly kind: 'empty-page' }
  | { readonly kind: 'page-size'; readonly maxItems: number }
  /** The page is right, and its token leads to it again. */
  | { readonly kind: 'repeat-page' }
  /** FilterLogEvents: the streams stand one behind the other. */
  | { readonly kind: 'unsort' };

/** Spoils the way of a right reply to the client. */
export type DeliveryFault =
  /** `delayMillis` before the reply; `bodyDelayMillis` in the middle of its body. */
  | { readonly kind: 'slow'; readonly delayMillis: number; readonly bodyDelayMillis?: number }
  /**
   * Only the part `keep` (0–1, half when left out) of the body. `short`: Content-Length promises the whole, and the connection
   * ends. `cut-json`: Content-Length is that of the part.
   */
  | { readonly kind: 'truncate'; readonly how: 'short' | 'cut-json'; readonly keep?: number }
  /** Half of the body, then a reset. */
  | { readonly kind: 'reset-in-body' };

export type Fault = InsteadFault | PageFault | DeliveryFault;
export type FaultRule = Fault & FaultScope;

const PAGE_KINDS: ReadonlySet<Fault['kind']> = new Set(['empty-page', 'page-size', 'repeat-page', 'unsort']);
const DELIVERY_KINDS: ReadonlySet<Fault['kind']> = new Set(['slow', 'truncate', 'reset-in-body']);

export function isPageFault(fault: Fault): fault is PageFault {
  return PAGE_KINDS.has(fault.kind);
}

export function isDeliveryFault(fault: Fault): fault is DeliveryFault {
  return DELIVERY_KINDS.has(fault.kind);
}
