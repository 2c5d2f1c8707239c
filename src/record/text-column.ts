/**
 * Texts one after the other in UTF-8, and a mark for each by which they are told apart again: twice the number of its
 * bytes, and one more when it is not plain ASCII.
 */
import type { ScratchBuffers } from '../foundation/scratch-buffers.ts';

/** No UTF-16 unit becomes more bytes of UTF-8. */
const MAX_UNIT_BYTES = 3;

/** Writes texts into a scratch buffer. */
export class TextWriter {
  readonly #scratch: ScratchBuffers;
  #bytes: Buffer;
  #length: number;

  /** Leaves the first `reservedBytes` to the caller. */
  constructor(scratch: ScratchBuffers, reservedBytes: number) {
    this.#scratch = scratch;
    this.#bytes = scratch.take();
    this.#length = reservedBytes;
    this.#reserve(0);
  }

  /** Returns the mark. The text is well-formed UTF-16. */
  add(text: string): number {
    this.#reserve(text.length * MAX_UNIT_BYTES);
    const bytes = this.#bytes.write(text, this.#length, 'utf8');
    this.#length += bytes;
    return bytes === text.length ? bytes * 2 : bytes * 2 + 1;
  }

  /** All that was written, and what was reserved before it. The scratch buffer is now the caller's. */
  end(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  #reserve(moreBytes: number): void {
    const neededBytes = this.#length + moreBytes;
    if (neededBytes <= this.#bytes.length) return;
    this.#bytes = this.#scratch.grow(this.#bytes, this.#length, neededBytes);
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
