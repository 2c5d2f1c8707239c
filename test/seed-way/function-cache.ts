import { readFileSync, writeFileSync } from 'node:fs';

/** `DFF.CACHE`: strings under a scope and a key, kept outside the process that runs the script. */
export interface FunctionCache {
  get(scope: string, key: string): string | undefined;
  set(scope: string, key: string, value: string): void;
}

/** One that outlives the runs of a process. */
export function memoryCache(): FunctionCache {
  const values = new Map<string, string>();
  return {
    get: (scope, key) => values.get(JSON.stringify([scope, key])),
    set: (scope, key, value) => {
      values.set(JSON.stringify([scope, key]), value);
    },
  };
}

/** One that outlives the process, as the platform's Redis does. */
export function fileCache(path: string): FunctionCache {
  const read = () => {
    try {
      return JSON.parse(readFileSync(path, 'utf8')) as Record<string, string>;
    } catch {
      return {};
    }
  };
  return {
    get: (scope, key) => read()[JSON.stringify([scope, key])],
    set: (scope, key, value) => {
      writeFileSync(path, JSON.stringify({ ...read(), [JSON.stringify([scope, key])]: value }));
    },
  };
}
