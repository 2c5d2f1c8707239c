/** All partitions together may hold about so much that was read and is not committed yet. */
const MUCH_BYTES = 32 * 1024 * 1024;

/**
 * What the partitions of a process have read and not yet committed. A slice gathers the records of several pages for one
 * commit; a thousand slices that wait for their next page must not all do so.
 */
export class UncommittedBytes {
  #bytes = 0;

  get isMuch(): boolean {
    return this.#bytes > MUCH_BYTES;
  }

  add(bytes: number): void {
    this.#bytes += bytes;
  }
}
