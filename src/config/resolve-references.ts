import { dirname, resolve } from 'node:path';
import { type ConfigPath, pathKey } from './config-path.ts';
import { describeReference, parseReferences, type Reference } from './interpolate.ts';

/** Where references are looked up. */
export interface ReferenceSources {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly readFile: (path: string) => Promise<string>;
  /** Variables of the console; undefined as long as there are none. */
  readonly variable?: ((name: string) => Promise<string | undefined>) | undefined;
}

export interface ResolvedTree {
  readonly root: unknown;
  /** By path key: the references whose values went into the scalar there. */
  readonly references: ReadonlyMap<string, readonly Reference[]>;
  /** What references stood for: never to be shown. */
  readonly hiddenValues: readonly string[];
  /** Path keys of scalars that could not be resolved; they were said already. */
  readonly unresolved: ReadonlySet<string>;
  readonly problems: readonly {
    readonly path: ConfigPath;
    readonly message: string;
    readonly missing: boolean;
  }[];
}

const MAX_SECRET_BYTES = 65_536;

/** Replaces the references in all texts of a tree of plain data; keys are left as they are. Never rejects. */
export async function resolveTree(
  root: unknown,
  sources: ReferenceSources,
  configFile: string,
): Promise<ResolvedTree> {
  const references = new Map<string, readonly Reference[]>();
  const hiddenValues: string[] = [];
  const unresolved = new Set<string>();
  const problems: { path: ConfigPath; message: string; missing: boolean }[] = [];

  const fail = (path: ConfigPath, message: string, missing: boolean) => {
    unresolved.add(pathKey(path));
    problems.push({ path, message, missing });
  };

  async function visit(value: unknown, path: ConfigPath): Promise<unknown> {
    if (typeof value === 'string') return value.includes('${') ? resolveText(value, path) : value;
    if (Array.isArray(value)) {
      const items: unknown[] = [];
      for (const [index, item] of value.entries()) items.push(await visit(item, [...path, index]));
      return items;
    }
    if (typeof value !== 'object' || value === null) return value;
    const map = Object.create(null) as Record<string, unknown>;
    for (const [key, item] of Object.entries(value)) map[key] = await visit(item, [...path, key]);
    return map;
  }

  async function resolveText(text: string, path: ConfigPath): Promise<string> {
    const parsed = parseReferences(text);
    if (parsed.kind === 'malformed') {
      fail(path, parsed.message, false);
      return text;
    }
    let result = '';
    const used: Reference[] = [];
    for (const part of parsed.parts) {
      if (typeof part === 'string') {
        result += part;
        continue;
      }
      used.push(part);
      const found = await lookUp(part, sources, configFile);
      const value =
        found.kind === 'found' && found.value !== '' ? found.value : (part.fallback ?? found.value);
      if (value === undefined) fail(path, found.message ?? 'is missing', true);
      else hiddenValues.push(value);
      result += value ?? '';
    }
    if (used.length > 0) {
      references.set(pathKey(path), used);
      hiddenValues.push(result);
    }
    return result;
  }

  return { root: await visit(root, []), references, hiddenValues, unresolved, problems };
}

type Found =
  | { readonly kind: 'found'; readonly value: string; readonly message?: undefined }
  | { readonly kind: 'missing'; readonly value?: undefined; readonly message: string };

async function lookUp(reference: Reference, sources: ReferenceSources, configFile: string): Promise<Found> {
  const { kind, name } = reference;
  if (kind === 'env') {
    const value = Object.hasOwn(sources.env, name) ? sources.env[name] : undefined;
    return value === undefined
      ? missing(`The environment variable ${name} is not set. A default is written \${env:${name}:-default}.`)
      : { kind: 'found', value };
  }
  if (kind === 'file') return readSecretFile(name, sources, configFile);
  if (sources.variable === undefined)
    return missing(
      `${describeReference(reference)}: this release has no variables yet. Use \${env:${name}} or \${file:/path}.`,
    );
  const value = await sources.variable(name).catch(() => undefined);
  return value === undefined ? missing(`There is no variable ${name}.`) : { kind: 'found', value };
}

async function readSecretFile(name: string, sources: ReferenceSources, configFile: string): Promise<Found> {
  const path = resolve(dirname(configFile), name);
  try {
    const text = await sources.readFile(path);
    if (text.length > MAX_SECRET_BYTES) return missing(`The file ${name} is too large for a value.`);
    return { kind: 'found', value: text.trim() };
  } catch (thrown) {
    const code = (thrown as { code?: unknown } | null)?.code;
    const reason =
      code === 'ENOENT' ? 'does not exist' : `cannot be read${typeof code === 'string' ? ` (${code})` : ''}`;
    return missing(`The file ${name} ${reason}.`);
  }
}

function missing(message: string): Found {
  return { kind: 'missing', message };
}
