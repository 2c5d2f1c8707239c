import { encodeTagKey } from '../origin-text.ts';
import { type BuiltInField, isBuiltIn, jsonPaths, tagKey } from '../query/field-names.ts';
import type { BoundValues } from './bound-values.ts';

/** A condition on a text: given the SQL of the text, the SQL of the condition. It may be NULL where the text is. */
export type TextCondition = (text: string) => string;

/** Keys that every JSON encoder writes as they are; of others nobody can say how they look in a message. */
const PLAIN_KEY = /^[\w.@/ -]+$/;

export interface FieldFacts {
  /** A text that stands in every JSON message whose value fulfils the condition: looking for it first is much faster. */
  readonly hint?: string | undefined;
  /** Every record has it as a tag. */
  readonly isOnlyTag?: boolean;
}

/** That a field has a value and that it fulfils a condition; mirrors ../query/record-fields.ts. */
export function fieldHolds(
  field: string,
  holds: TextCondition,
  values: BoundValues,
  { hint, isOnlyTag = false }: FieldFacts = {},
): string {
  if (isBuiltIn(field)) return builtInHolds(field, holds);
  const tag = tagText(field, values);
  if (isOnlyTag) return holds(tag);
  const name = values.text(field);
  const isField = `mapContains(fields, ${name})`;
  const ofField = `(${isField} AND ${holds(fieldText(name))})`;
  const ofJson = `(NOT ${isField} AND ${jsonGuard(field, values, hint)} AND ifNull(${holds(jsonText(field, values))}, 0))`;
  return `((${tag} != '' AND ${holds(tag)}) OR (${tag} = '' AND (${ofField} OR ${ofJson})))`;
}

/** The value as Nullable(String), NULL where there is none. */
export function fieldTextOrNull(field: string, values: BoundValues): string {
  if (isBuiltIn(field)) return `nullIf(${builtInText(field)}, '')`;
  const tag = tagText(field, values);
  return `if(${tag} != '', ${tag}, ${untaggedTextOrNull(field, values)})`;
}

/** As above, for records that do not have it as a tag. */
export function untaggedTextOrNull(field: string, values: BoundValues): string {
  const name = values.text(field);
  const json = `if(${jsonGuard(field, values)}, ${jsonText(field, values)}, NULL)`;
  return `if(mapContains(fields, ${name}), ${fieldText(name)}, ${json})`;
}

/** The value of the tag that a field means, as a text that is empty where there is none. */
export function tagText(field: string, values: BoundValues): string {
  return `simpleJSONExtractString(origin, ${values.text(encodeTagKey(tagKey(field)))})`;
}

function builtInHolds(field: BuiltInField, holds: TextCondition): string {
  const text = builtInText(field);
  // A level that is empty is none; an empty message or source is one all the same.
  return field === 'level' ? `(${text} != '' AND ${holds(text)})` : holds(text);
}

function builtInText(field: BuiltInField): string {
  switch (field) {
    case 'event_id':
      return 'id';
    case 'timestamp':
      return 'toString(toUnixTimestamp64Milli(time))';
    case 'message':
    case 'level':
    case 'source':
      return field;
  }
}

/** `fields` holds JSON texts. */
function fieldText(name: string): string {
  return `JSONExtractString(concat('[', fields[${name}], ']'), 1)`;
}

function jsonText(field: string, values: BoundValues): string {
  const texts = jsonPaths(field).map((path) => {
    const keys = path.map((key) => values.text(key)).join(', ');
    return `JSONExtract(message, ${keys}, 'Nullable(String)')`;
  });
  return texts.length === 1 ? (texts[0] ?? 'NULL') : `coalesce(${texts.join(', ')})`;
}

/** What holds for every message that is a JSON object with such a key, and is quickly found out. */
function jsonGuard(field: string, values: BoundValues, hint?: string): string {
  const guards = [`startsWith(message, '{')`];
  const last = jsonPaths(field).at(-1)?.at(-1) ?? field;
  if (PLAIN_KEY.test(last)) guards.push(`position(message, ${values.text(`${last}"`)}) > 0`);
  if (hint !== undefined) guards.push(`position(message, ${values.text(hint)}) > 0`);
  return guards.join(' AND ');
}
