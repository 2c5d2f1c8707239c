import { z } from 'zod';
import { type Catalogue, DEFAULT_TRANSFORM_TYPE } from '../catalog/catalogue.ts';
import { didYouMean } from '../foundation/nearest-name.ts';
import type { ConfigPath } from './config-path.ts';
import { kindOf, listOf, typeName } from './describe-issue.ts';
import type { ConfiguredComponent, ConfiguredConsumer } from './loaded-config.ts';
import type { ProblemList } from './problem-list.ts';
import type { ResolvedTree } from './resolve-references.ts';
import { validateOptions } from './validate-options.ts';

/** Names of accounts, sources, transforms and destinations. */
export const ID_PATTERN = /^[a-z][a-z0-9_]{0,62}$/;

type Entry = readonly [id: string, value: Record<string, unknown>];

/** What all definitions have in common, as far as reading them goes. */
interface Readable {
  readonly type: string;
  readonly options: z.ZodType;
}

/** The entries of a section that are maps under a good name; says what is wrong with the others. */
export function readEntries(
  root: Record<string, unknown>,
  section: string,
  problems: ProblemList,
): readonly Entry[] {
  const map = root[section];
  if (map === undefined || map === null) return [];
  if (kindOf(map) !== 'object') {
    problems.error({ path: [section], message: `must be a map of names, not ${typeName(kindOf(map))}.` });
    return [];
  }
  return Object.entries(map).flatMap(([id, value]): Entry[] => {
    if (!ID_PATTERN.test(id))
      problems.error({
        path: [section, id],
        at: 'key',
        message: `A name begins with a small letter and has small letters, digits and _ only.${suggestId(id)}`,
      });
    if (value === null) return [[id, {}]];
    if (kindOf(value) === 'object') return [[id, value as Record<string, unknown>]];
    problems.error({ path: [section, id], message: `must be a map, not ${typeName(kindOf(value))}.` });
    return [];
  });
}

export function readAccounts(
  root: Record<string, unknown>,
  catalogue: Catalogue,
  tree: ResolvedTree,
  problems: ProblemList,
): Catalogue['account'] extends z.ZodType<infer Options> ? Record<string, Options> : never {
  const accounts = {} as ReturnType<typeof readAccounts>;
  for (const [id, value] of readEntries(root, 'accounts', problems)) {
    const options = validateOptions(catalogue.account, value, ['accounts', id], tree, problems);
    if (options !== undefined) accounts[id] = options;
  }
  return accounts;
}

/** Sources have no inputs. */
export function readSources<Def extends Readable>(
  root: Record<string, unknown>,
  definitions: readonly Def[],
  tree: ResolvedTree,
  problems: ProblemList,
): readonly ConfiguredComponent<Def>[] {
  return readEntries(root, 'sources', problems).flatMap(([id, value]) => {
    const { type, ...options } = value;
    return readComponent('sources', id, type, options, definitions, tree, problems) ?? [];
  });
}

export interface ReadConsumers<Def> {
  readonly components: readonly ConfiguredConsumer<Def>[];
  /** Of every entry, those with a fault in their options too: their wiring is judged all the same. */
  readonly wired: readonly { readonly id: string; readonly inputs: readonly string[] }[];
}

export function readConsumers<Def extends Readable>(
  root: Record<string, unknown>,
  section: 'transforms' | 'destinations',
  definitions: readonly Def[],
  tree: ResolvedTree,
  problems: ProblemList,
): ReadConsumers<Def> {
  const components: ConfiguredConsumer<Def>[] = [];
  const wired: { id: string; inputs: readonly string[] }[] = [];
  for (const [id, value] of readEntries(root, section, problems)) {
    const { type, inputs: named, ...options } = value;
    const known = type ?? (section === 'transforms' ? DEFAULT_TRANSFORM_TYPE : undefined);
    const component = readComponent(section, id, known, options, definitions, tree, problems);
    const inputs = readInputs(section, id, named, tree, problems);
    wired.push({ id, inputs });
    if (component !== undefined) components.push({ ...component, inputs });
  }
  return { components, wired };
}

function readComponent<Def extends Readable>(
  section: string,
  id: string,
  type: unknown,
  options: Record<string, unknown>,
  definitions: readonly Def[],
  tree: ResolvedTree,
  problems: ProblemList,
): ConfiguredComponent<Def> | undefined {
  const path: ConfigPath = [section, id];
  const types = definitions.map((definition) => definition.type);
  const definition = definitions.find((one) => one.type === type);
  if (definition === undefined) {
    problems.error({
      path: [...path, 'type'],
      message:
        typeof type === 'string'
          ? `There is no type "${type}" here.${didYouMean(type, types)} The types are ${listOf(types)}.`
          : `${type === undefined ? 'is missing' : 'must be a text'}: the types are ${listOf(types)}.`,
    });
    return undefined;
  }
  const read = validateOptions(strict(definition.options), options, path, tree, problems);
  return read === undefined ? undefined : { id, definition, options: read };
}

/** An unknown key is an error, whatever the component's schema says of them. */
function strict(options: z.ZodType): z.ZodType {
  // Refined schemas refuse to be changed, and throw.
  if (!(options instanceof z.ZodObject) || options.def.catchall !== undefined) return options;
  return options.def.checks?.length ? options : options.strict();
}

const inputsOption = z.union([z.string(), z.array(z.string()).min(1)]);

function readInputs(
  section: string,
  id: string,
  given: unknown,
  tree: ResolvedTree,
  problems: ProblemList,
): readonly string[] {
  const path = [section, id, 'inputs'];
  if (given === undefined) {
    problems.error({ path, message: 'is missing: name the sources or transforms to take records from.' });
    return [];
  }
  // As a map of one key, so that paths come out right.
  const read = validateOptions(
    z.object({ inputs: inputsOption }),
    { inputs: given },
    [section, id],
    tree,
    problems,
  );
  if (read === undefined) return [];
  return typeof read.inputs === 'string' ? [read.inputs] : read.inputs;
}

function suggestId(id: string): string {
  const better = id
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replaceAll(/[^a-z0-9_]+/g, '_')
    .replaceAll(/^[^a-z]+|_+$/g, '');
  return ID_PATTERN.test(better) ? ` Write "${better}".` : '';
}
