/**
 * The tags of an origin as the text of a flat JSON object, `{"log_group":"/ecs/api","service":"api"}`.
 *
 * The engine finds the value of a key by looking for `"key":` in the text (simpleJSONExtractString): of all functions that
 * read JSON it is the one that looks at each different text once rather than at each row. So that only a key is ever
 * found that way, no quotation mark stands within a key or a value, and no punctuation within a key: they are written
 * as \uXXXX.
 */
export function encodeTags(tags: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(tags).map(([key, value]) => `"${encodeTagKey(key)}":"${encodeValue(value)}"`);
  return `{${pairs.join(',')}}`;
}

/** A key as it stands in the text. */
export function encodeTagKey(key: string): string {
  return key.toWellFormed().replaceAll(/[^\w.@/ \-\u0080-\uffff]/g, escaped);
}

export function decodeTags(text: string): Readonly<Record<string, string>> {
  return text === '' ? {} : (JSON.parse(text) as Record<string, string>);
}

function encodeValue(value: string): string {
  return JSON.stringify(value.toWellFormed()).slice(1, -1).replaceAll('\\"', '\\u0022');
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
