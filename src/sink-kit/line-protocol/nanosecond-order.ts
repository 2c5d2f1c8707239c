const LAST_OFFSET = 999_999;
/** Nanoseconds are 64 signed bits in every parser of the format. */
const MAX_MILLIS = 9_223_372_036_853;

/**
 * Nanosecond timestamps that keep the order of one stream's records inside a millisecond, since the backend sorts by
 * time alone: the first of a millisecond gets offset 0, the next 1 … up to 999,999, where it stays. Counting goes on
 * from batch to batch, so that a batch that ends inside a millisecond does not put the rest of it in front.
 *
 * By stream and not over all: so an event has the same timestamp when it is sent again after a restart, unless the
 * place where delivery went on lies inside a millisecond of its stream.
 */
export class NanosecondOrder {
  #millis = Number.NaN;
  #offset = 0;

  /** Decimal text of the timestamp. Text, since a Number holds no nanoseconds of today and BigInt costs tenfold. */
  next(millis: number): string {
    if (millis !== this.#millis) {
      this.#millis = millis;
      this.#offset = 0;
    } else if (this.#offset < LAST_OFFSET) {
      this.#offset++;
    }
    // Before 1970 the offset would count backwards; nothing writes such logs but a broken clock.
    if (millis < 0) return `${Math.max(millis, -MAX_MILLIS)}000000`;
    if (millis === 0) return String(this.#offset);
    const digits = this.#offset === 0 ? '000000' : String(1_000_000 + this.#offset).slice(1);
    return `${millisText(Math.min(millis, MAX_MILLIS))}${digits}`;
  }
}

const THREE_DIGITS = Array.from({ length: 1000 }, (_, number) => String(number).padStart(3, '0'));
let lastSeconds = Number.NaN;
let lastSecondsText = '';

/** Of a positive whole number. Records of one time come together: most share the second of the one before. */
function millisText(millis: number): string {
  const seconds = Math.floor(millis / 1000);
  if (seconds === 0) return String(millis);
  if (seconds !== lastSeconds) {
    lastSeconds = seconds;
    lastSecondsText = String(seconds);
  }
  return `${lastSecondsText}${THREE_DIGITS[millis - seconds * 1000]}`;
}
