import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument as parseYaml,
} from 'yaml';
import type { ConfigPath } from './config-path.ts';
import { type Position, Positions } from './positions.ts';

/** Bounds against a file that was made to hurt: aliases of aliases, depth that ends the stack. */
const MAX_NODES = 50_000;
const MAX_DEPTH = 60;

export interface SyntaxProblem extends Position {
  readonly message: string;
}

export interface ParsedDocument {
  /** Plain maps (without prototype), lists, strings, numbers, booleans and nulls. */
  readonly root: unknown;
  readonly positions: Positions;
  readonly problems: readonly SyntaxProblem[];
}

/** Reads YAML 1.2 into plain data and remembers where everything stood. Never throws. */
export function parseDocument(text: string): ParsedDocument {
  const lines = new LineCounter();
  const positions = new Positions();
  const nesting = deepestNesting(text);
  if (nesting !== undefined)
    return {
      root: null,
      positions,
      problems: [{ ...nesting, message: 'Maps and lists are nested too deep.' }],
    };
  try {
    const document = parseYaml(text, { lineCounter: lines, prettyErrors: false, logLevel: 'error' });
    const walk = new Walk(document, lines, positions);
    const root = walk.read(document.contents, [], 0);
    const syntax = [...document.errors, ...document.warnings].map((error) => ({
      ...place(lines, error.pos[0]),
      message: syntaxMessage(error.code),
    }));
    return { root, positions, problems: [...syntax, ...walk.problems] };
  } catch {
    // The text of the exception may quote the file, and so a secret.
    return { root: null, positions, problems: [{ line: 1, column: 1, message: 'This is not valid YAML.' }] };
  }
}

class Walk {
  readonly problems: SyntaxProblem[] = [];
  readonly #document: Document;
  readonly #lines: LineCounter;
  readonly #positions: Positions;
  #nodes = 0;

  constructor(document: Document, lines: LineCounter, positions: Positions) {
    this.#document = document;
    this.#lines = lines;
    this.#positions = positions;
  }

  /** `alias`: the place of the alias through which the node was reached; its own is that of the anchor. */
  read(node: unknown, path: ConfigPath, depth: number, alias?: Position): unknown {
    const at = alias ?? place(this.#lines, (node as Node | null)?.range?.[0] ?? 0);
    this.#positions.addValue(path, at);
    this.#nodes++;
    if (this.#nodes > MAX_NODES || depth > MAX_DEPTH) {
      if (this.#nodes <= MAX_NODES + 1)
        this.problems.push({ ...at, message: 'This is too large or nested too deep.' });
      return null;
    }
    if (isAlias(node)) {
      const target = node.resolve(this.#document);
      return target === undefined ? null : this.read(target, path, depth + 1, at);
    }
    if (isMap(node)) return this.#readMap(node.items, path, depth, alias);
    if (isSeq(node))
      return node.items.map((item, index) => this.read(item, [...path, index], depth + 1, alias));
    return isScalar(node) ? plainScalar(node.value) : null;
  }

  #readMap(pairs: readonly Pair[], path: ConfigPath, depth: number, alias: Position | undefined): object {
    const map = Object.create(null) as Record<string, unknown>;
    const merged: unknown[] = [];
    for (const { key, value } of pairs) {
      const keyAt = alias ?? place(this.#lines, (key as Node | null)?.range?.[0] ?? 0);
      const name = isScalar(key) ? keyName(key.value) : undefined;
      if (name === undefined) {
        this.problems.push({ ...keyAt, message: 'A key must be a name.' });
        continue;
      }
      if (name === '<<') {
        merged.push(this.read(value, [...path, name], depth + 1, alias));
        continue;
      }
      this.#positions.addKey([...path, name], keyAt);
      map[name] = this.read(value, [...path, name], depth + 1, alias);
    }
    for (const other of merged.flat()) {
      if (typeof other !== 'object' || other === null) continue;
      for (const [name, value] of Object.entries(other)) map[name] ??= value;
    }
    return map;
  }
}

function keyName(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

function plainScalar(value: unknown): unknown {
  return typeof value === 'bigint' ? Number(value) : (value ?? null);
}

function place(lines: LineCounter, offset: number): Position {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col) };
}

/** Where brackets or dashes nest so deep that the parser's recursion could end the stack. */
function deepestNesting(text: string): Position | undefined {
  let depth = 0;
  let line = 1;
  let lineStart = 0;
  for (let index = 0; index < text.length; index++) {
    const unit = text[index];
    if (unit === '\n') {
      line++;
      lineStart = index + 1;
      // Block lists in one line: `- - - -`.
      const dashes = /^(?:\s*[-?:] ){60}/.exec(text.slice(lineStart, lineStart + 400));
      if (dashes !== null) return { line, column: 1 };
    } else if (unit === '[' || unit === '{') depth++;
    else if (unit === ']' || unit === '}') depth = Math.max(0, depth - 1);
    if (depth > 1000) return { line, column: index - lineStart + 1 };
  }
  return undefined;
}

const SYNTAX_MESSAGES: Readonly<Record<string, string>> = {
  BAD_ALIAS: 'The alias (*name) has no anchor (&name) before it. Put a text that begins with * in quotes.',
  BAD_DQ_ESCAPE: 'A backslash in double quotes begins an escape that YAML does not have. Use single quotes.',
  BAD_INDENT: 'The indentation does not fit the lines above.',
  BAD_SCALAR_START: 'A text cannot begin with this character. Put it in quotes.',
  BLOCK_AS_IMPLICIT_KEY: 'Something is nested on one line with its key. Look for a second colon; quote it.',
  BLOCK_IN_FLOW: 'Lines with dashes or keys cannot stand inside [ ] or { }.',
  DUPLICATE_KEY: 'This key is there twice.',
  MISSING_CHAR: 'A character is missing: a quote, a comma, a colon or a closing bracket.',
  MULTILINE_IMPLICIT_KEY: 'A key goes over several lines. Is a colon missing?',
  MULTIPLE_DOCS: 'Only one document may be in the file: remove the line with ---.',
  TAB_AS_INDENT: 'A tab is used for indentation. Use spaces.',
  TAG_RESOLVE_FAILED: 'The tag (!name) is not known here. Put a text that begins with ! in quotes.',
  UNEXPECTED_TOKEN: 'This is not expected here.',
  IMPOSSIBLE: 'This is not expected here.',
};

/** Our own words: the parser's quote the file, and so perhaps a secret. */
function syntaxMessage(code: string): string {
  return SYNTAX_MESSAGES[code] ?? `This is not valid YAML (${code.toLowerCase().replaceAll('_', ' ')}).`;
}
