/** Longer ones are let go, so that one giant batch does not stay in memory. */
const MAX_KEPT_BYTES = 8 << 20;
const FIRST_BYTES = 1 << 20;
const GROWTH = 1.25;

/**
 * Buffers that are filled, read once, and filled again. What is allocated anew for every batch is memory outside of
 * V8's heap, and each 64 MiB of that makes it collect the whole heap: for the path of the records that was a quarter of
 * all CPU time, and pauses of 30 ms.
 */
export class ScratchBuffers {
  readonly #maxKept: number;
  readonly #free: Buffer[] = [];

  constructor(maxKept: number) {
    this.#maxKept = maxKept;
  }

  /** What is in it is whatever was there. */
  take(): Buffer {
    return this.#free.pop() ?? Buffer.allocUnsafeSlow(FIRST_BYTES);
  }

  /** A larger one with the same beginning. The one that is given must not be used any more. */
  grow(buffer: Buffer, usedBytes: number, neededBytes: number): Buffer {
    const larger = Buffer.allocUnsafeSlow(Math.max(neededBytes, buffer.length * GROWTH));
    buffer.copy(larger, 0, 0, usedBytes);
    return larger;
  }

  /** The caller, and whoever it gave it to, is done with it. Any part of it will do. */
  giveBack(part: Buffer): void {
    const { buffer } = part;
    if (this.#free.length < this.#maxKept && buffer.byteLength <= MAX_KEPT_BYTES)
      this.#free.push(Buffer.from(buffer as ArrayBuffer));
  }
}
