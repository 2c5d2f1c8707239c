import { type ConfigPath, pathKey } from './config-path.ts';

/** A place in a text, both from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Where the keys and values of a parsed file stand. */
export class Positions {
  readonly #keys = new Map<string, Position>();
  readonly #values = new Map<string, Position>();

  addKey(path: ConfigPath, position: Position): void {
    this.#keys.set(pathKey(path), position);
  }

  addValue(path: ConfigPath, position: Position): void {
    this.#values.set(pathKey(path), position);
  }

  /** Of the key at the path, or what stands nearest above it. */
  ofKey(path: ConfigPath): Position {
    return this.#keys.get(pathKey(path)) ?? this.ofValue(path);
  }

  /** Of the value at the path; of a value that is missing, the key of the map in which it is missing. */
  ofValue(path: ConfigPath): Position {
    const own = this.#values.get(pathKey(path));
    if (own !== undefined) return own;
    for (let length = path.length - 1; length >= 0; length--) {
      const key = pathKey(path.slice(0, length));
      const above = this.#keys.get(key) ?? this.#values.get(key);
      if (above !== undefined) return above;
    }
    return { line: 1, column: 1 };
  }
}
