import { createHash } from 'node:crypto';
import { basename, dirname, resolve } from 'node:path';
import type { Catalogue } from '../catalog/catalogue.ts';
import { didYouMean } from '../foundation/nearest-name.ts';
import { checkWiring } from './check-wiring.ts';
import { ConfigError } from './config-error.ts';
import { kindOf, typeName } from './describe-issue.ts';
import type { LoadedConfig } from './loaded-config.ts';
import { type ParsedDocument, parseDocument } from './parse-document.ts';
import { ProblemList } from './problem-list.ts';
import { readAccounts, readConsumers, readSources } from './read-components.ts';
import { type ReferenceSources, type ResolvedTree, resolveTree } from './resolve-references.ts';
import { isLoopback, settingsOptions } from './settings.ts';
import { validateOptions } from './validate-options.ts';

export interface LoadDependencies extends ReferenceSources {
  readonly catalogue: Catalogue;
}

const MAX_FILE_LENGTH = 1_048_576;
export const COMPONENT_SECTIONS = ['accounts', 'sources', 'transforms', 'destinations'] as const;

/**
 * Reads and judges a configuration. Changes nothing and keeps nothing, so a reload that fails leaves all as it was.
 * Throws a ConfigError (CONFIG_*, LISTEN_NOT_LOOPBACK) with every problem, each with its place.
 */
export async function loadConfig(path: string, dependencies: LoadDependencies): Promise<LoadedConfig> {
  const absolute = resolve(path);
  const text = await readText(path, absolute, dependencies);
  const parsed = parseDocument(text);
  const problems = new ProblemList(shownName(path), parsed.positions);
  refuseSyntax(path, parsed);
  const tree = await resolveTree(parsed.root, dependencies, absolute);
  problems.hide(tree.hiddenValues);
  for (const { path: at, message, missing } of tree.problems)
    problems.error({ path: at, message, code: missing ? 'CONFIG_VARIABLE_MISSING' : 'CONFIG_INVALID' });
  const config = readAll(absolute, tree, dependencies.catalogue, problems);
  if (config === undefined || problems.errors.length > 0) throw new ConfigError(problems.errors);
  return { ...config, warnings: problems.warnings };
}

async function readText(path: string, absolute: string, { readFile }: LoadDependencies): Promise<string> {
  const refuse = (message: string, cause?: unknown) =>
    new ConfigError(
      [{ code: 'CONFIG_UNREADABLE', file: shownName(path), line: 1, column: 1, path: '', message }],
      cause,
    );
  let text: string;
  try {
    text = await readFile(absolute);
  } catch (thrown) {
    const code = (thrown as { code?: unknown } | null)?.code;
    throw refuse(
      code === 'ENOENT' ? 'There is no such file.' : `The file cannot be read (${String(code)}).`,
      thrown,
    );
  }
  if (text.length > MAX_FILE_LENGTH) throw refuse('The file is larger than 1 MiB.');
  return text;
}

function refuseSyntax(path: string, { problems }: ParsedDocument): void {
  if (problems.length === 0) return;
  throw new ConfigError(
    problems.map(({ line, column, message }) => ({
      code: 'CONFIG_SYNTAX',
      file: shownName(path),
      line,
      column,
      path: '',
      message,
    })),
  );
}

function readAll(
  path: string,
  tree: ResolvedTree,
  catalogue: Catalogue,
  problems: ProblemList,
): Omit<LoadedConfig, 'warnings'> | undefined {
  const { root } = tree;
  if (kindOf(root) !== 'object') {
    const what = root === null ? 'The file is empty' : `The file is ${typeName(kindOf(root))}`;
    problems.error({ path: [], message: `${what}: it must be a map that begins with "version: 1".` });
    return undefined;
  }
  const map = root as Record<string, unknown>;
  const settings = readSettings(map, tree, problems);
  const accounts = readAccounts(map, catalogue, tree, problems);
  const sources = readSources(map, catalogue.sources, tree, problems);
  const transforms = readConsumers(map, 'transforms', catalogue.transforms, tree, problems);
  const destinations = readConsumers(map, 'destinations', catalogue.sinks, tree, problems);
  const ids = (section: string) => namesIn(map[section]);
  checkWiring(
    {
      accountIds: ids('accounts'),
      sourceIds: ids('sources'),
      transformIds: ids('transforms'),
      destinationIds: ids('destinations'),
      sources,
      transforms: transforms.wired,
      destinations: destinations.wired,
    },
    problems,
  );
  if (settings === undefined) return undefined;
  return {
    path,
    dataDir: resolve(dirname(path), settings.data_dir),
    server: settings.server.listen,
    spool: { maxBytes: settings.spool.max_bytes },
    audit: settings.audit.enabled
      ? { everyMillis: settings.audit.every, repair: settings.audit.repair }
      : undefined,
    log: settings.log,
    accounts,
    sources,
    transforms: transforms.components,
    destinations: destinations.components,
    hash: createHash('sha256').update(JSON.stringify(root)).digest('hex').slice(0, 16),
  };
}

function readSettings(map: Record<string, unknown>, tree: ResolvedTree, problems: ProblemList) {
  const known = [...Object.keys(settingsOptions.shape), ...COMPONENT_SECTIONS];
  const given = Object.create(null) as Record<string, unknown>;
  for (const [key, value] of Object.entries(map)) {
    if (Object.hasOwn(settingsOptions.shape, key)) {
      // `server:` with nothing behind it is as good as none.
      if (value !== null) given[key] = value;
    } else if (!known.includes(key)) {
      const free = known.filter((name) => !Object.hasOwn(map, name));
      problems.error({ path: [key], at: 'key', message: `is no option here.${didYouMean(key, free)}` });
    }
  }
  const settings = validateOptions(settingsOptions, given, [], tree, problems);
  if (settings !== undefined && !isLoopback(settings.server.listen.host))
    problems.error({
      path: ['server', 'listen'],
      code: 'LISTEN_NOT_LOOPBACK',
      message: 'The server has no access control yet, so it listens on this machine only: write 127.0.0.1.',
    });
  return settings;
}

function namesIn(section: unknown): readonly string[] {
  return typeof section === 'object' && section !== null && !Array.isArray(section)
    ? Object.keys(section)
    : [];
}

/** As the user wrote it; a long absolute path is cut to its name. */
function shownName(path: string): string {
  return path.length > 60 ? basename(path) : path;
}
