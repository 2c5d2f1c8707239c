/** A 2xx reply that is not what the service promises: cut off, no JSON, or of the wrong shape. */
export class BadReplyError extends Error {
  override readonly name = 'BadReplyError';
}
