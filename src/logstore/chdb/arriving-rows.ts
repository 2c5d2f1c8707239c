/** Texts of rows on their way from the engine to whoever takes them. */
export class ArrivingRows {
  readonly #texts: string[] = [];
  #end: { readonly failed: { readonly thrown: unknown } | undefined } | undefined;
  #wake = () => {};

  push(text: string): void {
    this.#texts.push(text);
    this.#wake();
  }

  end(failed: { readonly thrown: unknown } | undefined): void {
    this.#end = { failed };
    this.#wake();
  }

  /** undefined behind the last one; rejects with why they ended early. One caller at a time. */
  async next(): Promise<string | undefined> {
    for (;;) {
      const text = this.#texts.shift();
      if (text !== undefined) return text;
      if (this.#end?.failed !== undefined) throw this.#end.failed.thrown;
      if (this.#end !== undefined) return undefined;
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      await promise;
    }
  }
}
