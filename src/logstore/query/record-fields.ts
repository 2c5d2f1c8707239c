import type { LogRecord } from '../../record/log-record.ts';
import { jsonPaths, tagKey } from './field-names.ts';

/**
 * The value of a record's field as a text; undefined where it has none. Mirrors ../sql/field-sql.ts: a tag that is
 * not empty, else a field, else a key of a message that is a JSON object.
 */
export function fieldValue(record: LogRecord, field: string): string | undefined {
  switch (field) {
    case 'message':
      return record.message;
    case 'level':
      return record.level;
    case 'source':
      return record.origin.source;
    case 'event_id':
      return record.id;
    case 'timestamp':
      return String(record.timestampMillis);
    default:
      return namedValue(record, field);
  }
}

function namedValue({ origin, fields, message }: LogRecord, name: string): string | undefined {
  const key = tagKey(name);
  const tag = Object.hasOwn(origin.tags, key) ? origin.tags[key] : undefined;
  if (tag !== undefined && tag !== '') return tag;
  if (fields !== undefined && Object.hasOwn(fields, name)) return String(fields[name]);
  if (!message.startsWith('{')) return undefined;
  const object = parseObject(message);
  if (object === undefined) return undefined;
  for (const path of jsonPaths(name)) {
    const text = textOf(valueAt(object, path));
    if (text !== undefined) return text;
  }
  return undefined;
}

function parseObject(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function valueAt(object: unknown, path: readonly string[]): unknown {
  let value = object;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || Array.isArray(value) || !Object.hasOwn(value, key))
      return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}

function textOf(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  return typeof value === 'string' ? value : JSON.stringify(value);
}
