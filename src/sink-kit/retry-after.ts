/**
 * The Retry-After header in milliseconds: whole seconds, or an HTTP date (RFC 9110, 10.2.3). Undefined when it is
 * missing or is neither; a date in the past is 0.
 */
export function retryAfterMillis(header: string | undefined, nowMillis: number): number | undefined {
  const text = header?.trim();
  if (text === undefined || text === '') return undefined;
  if (/^\d{1,9}(\.\d+)?$/.test(text)) return Math.round(Number(text) * 1000);
  // Date.parse takes much that is no date of HTTP (a bare "-3"): all three forms begin with a weekday.
  if (!/^[A-Z][a-z]{2,8},? /.test(text)) return undefined;
  const millis = Date.parse(text);
  return Number.isNaN(millis) ? undefined : Math.max(0, millis - nowMillis);
}
