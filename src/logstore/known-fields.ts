import type { KnownField, KnownFields } from '../contracts/log-search.ts';
import { decodeTags } from './origin-text.ts';
import { BUILT_IN_FIELDS, TAG_ALIASES } from './query/field-names.ts';
import type { SampleRow } from './sql/sample-sql.ts';

type FieldType = KnownField['type'];

const NESTED_DEPTH = 3;
const MAX_FIELDS = 500;
const ALIASES: ReadonlyMap<string, string> = new Map(
  Object.entries(TAG_ALIASES).map(([alias, tag]) => [tag, alias]),
);

/** The fields that sampled records have: the built-in ones, then tags, fields and keys of JSON messages, frequent ones first. */
export function knownFields(rows: readonly SampleRow[]): KnownFields {
  const seen = new Map<string, { kind: KnownField['kind']; types: Set<FieldType>; records: number }>();
  const note = (name: string, kind: KnownField['kind'], type: FieldType) => {
    const known = seen.get(name) ?? { kind, types: new Set(), records: 0 };
    known.types.add(type);
    known.records++;
    if (seen.size < MAX_FIELDS || seen.has(name)) seen.set(name, known);
  };
  for (const { origin, fields, json } of rows) {
    const own = new Set<string>(BUILT_IN_FIELDS);
    const noteOnce = (name: string, kind: KnownField['kind'], type: FieldType) => {
      if (own.has(name)) return;
      own.add(name);
      note(name, kind, type);
    };
    for (const key of Object.keys(decodeTags(origin))) noteOnce(ALIASES.get(key) ?? key, 'tag', 'text');
    for (const [key, text] of Object.entries(fields)) noteOnce(key, 'field', typeOf(JSON.parse(text)));
    for (const [key, type] of jsonFields(json)) noteOnce(key, 'json', type);
  }
  const found = [...seen].map(([name, { kind, types, records }]): KnownField => {
    const [type = 'text'] = types;
    return { name, kind, type: types.size === 1 ? type : 'mixed', records };
  });
  const builtIn = BUILT_IN_FIELDS.map(
    (name): KnownField => ({
      name,
      kind: 'built_in',
      type: name === 'timestamp' ? 'time' : 'text',
      records: rows.length,
    }),
  );
  const order = (a: KnownField, b: KnownField) =>
    KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) || b.records - a.records || (a.name < b.name ? -1 : 1);
  return { fields: [...builtIn, ...found.toSorted(order)], examined: rows.length };
}

const KINDS: readonly KnownField['kind'][] = ['built_in', 'tag', 'field', 'json'];

function jsonFields(json: string): readonly (readonly [string, FieldType])[] {
  if (json === '') return [];
  let object: unknown;
  try {
    object = JSON.parse(json);
  } catch {
    return [];
  }
  const found: (readonly [string, FieldType])[] = [];
  const walk = (value: unknown, path: string, depth: number) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      if (value !== null) found.push([path, typeOf(value)]);
      return;
    }
    if (depth === NESTED_DEPTH) return;
    for (const [key, inner] of Object.entries(value))
      walk(inner, path === '' ? key : `${path}.${key}`, depth + 1);
  };
  walk(object, '', 0);
  return found.filter(([path]) => path !== '');
}

function typeOf(value: unknown): FieldType {
  return typeof value === 'number' || typeof value === 'boolean'
    ? (typeof value as 'number' | 'boolean')
    : 'text';
}
