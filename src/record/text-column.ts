/**
 * Texts one after the other in UTF-8, and a mark for each by which they are told apart again: twice the number of its
 * bytes, and one more when it is not plain ASCII.
 */
const FIRST_BYTES = 1 << 20;
/** A larger buffer is let go at the end, so that one giant batch does not stay in memory. */
const MAX_KEPT_BYTES = 8 << 20;
/** No UTF-16 unit becomes more bytes of UTF-8. */
const MAX_UNIT_BYTES = 3;

export class TextWriter {
  #bytes: Buffer = Buffer.allocUnsafe(0);
  #length = 0;

  /** Returns the mark. The text is well-formed UTF-16. */
  add(text: string): number {
    const mostBytes = text.length * MAX_UNIT_BYTES;
    if (this.#length + mostBytes > this.#bytes.length) this.#grow(mostBytes);
    const bytes = this.#bytes.write(text, this.#length, 'utf8');
    this.#length += bytes;
    return bytes === text.length ? bytes * 2 : bytes * 2 + 1;
  }

  /** What was added since the last call; valid until the next `add`. */
  take(): Buffer {
    const taken = this.#bytes.subarray(0, this.#length);
    if (this.#bytes.length > MAX_KEPT_BYTES) this.#bytes = Buffer.allocUnsafe(0);
    this.#length = 0;
    return taken;
  }

  #grow(moreBytes: number): void {
    const needed = Math.max(FIRST_BYTES, this.#bytes.length * 2, this.#length + moreBytes);
    const larger = Buffer.allocUnsafeSlow(needed);
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}

export class TextReader {
  readonly #bytes: Buffer;
  /** Right where the text is ASCII. Its pieces share its memory, so that making them costs next to nothing. */
  readonly #ascii: string;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    this.#ascii = bytes.toString('latin1');
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  next(mark: number): string {
    const from = this.#at;
    this.#at += mark >>> 1;
    return (mark & 1) === 0
      ? this.#ascii.slice(from, this.#at)
      : this.#bytes.toString('utf8', from, this.#at);
  }
}
