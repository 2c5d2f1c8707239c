/** Where a value stands in the configuration: keys of maps and indexes of lists, from the root. */
export type ConfigPath = readonly (string | number)[];

/** `sources.ecs.discover.clusters[0]` */
export function formatPath(path: ConfigPath): string {
  let text = '';
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`;
    else text += text === '' ? part : `.${part}`;
  }
  return text;
}

/** Unambiguous, for maps by path. */
export function pathKey(path: ConfigPath): string {
  return JSON.stringify(path);
}

/** The value at a path of plain data; undefined when there is none. */
export function valueAt(root: unknown, path: ConfigPath): unknown {
  let value = root;
  for (const part of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as Record<string | number, unknown>)[part];
  }
  return value;
}
