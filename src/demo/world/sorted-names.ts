/** Things by name, listed in the order of their names. The order is made anew at the first listing after a change. */
export class SortedNames<T> {
  readonly #byName = new Map<string, T>();
  #names: readonly string[] | undefined;

  get(name: string): T | undefined {
    return this.#byName.get(name);
  }

  set(name: string, value: T): void {
    if (!this.#byName.has(name)) this.#names = undefined;
    this.#byName.set(name, value);
  }

  delete(name: string): boolean {
    const deleted = this.#byName.delete(name);
    if (deleted) this.#names = undefined;
    return deleted;
  }

  get size(): number {
    return this.#byName.size;
  }

  /** In the order of UTF-16 code units. */
  names(): readonly string[] {
    this.#names ??= [...this.#byName.keys()].sort();
    return this.#names;
  }

  values(): T[] {
    return this.names().map((name) => this.#byName.get(name) as T);
  }

  withPrefix(prefix: string): T[] {
    return this.names()
      .filter((name) => name.startsWith(prefix))
      .map((name) => this.#byName.get(name) as T);
  }
}
