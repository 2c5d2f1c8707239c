import { z } from 'zod';

/** The part of JSON Schema (2020-12) that option schemas are made of, with the facts of OptionMeta beside. */
export interface OptionSchema {
  type?: string | string[];
  description?: string;
  default?: unknown;
  example?: unknown;
  examples?: unknown[];
  secret?: boolean;
  advanced?: boolean;
  writeOnly?: boolean;
  const?: unknown;
  enum?: unknown[];
  pattern?: string;
  properties?: Record<string, OptionSchema>;
  required?: string[];
  additionalProperties?: boolean | OptionSchema;
  propertyNames?: OptionSchema;
  items?: OptionSchema | boolean;
  anyOf?: OptionSchema[];
  oneOf?: OptionSchema[];
  allOf?: OptionSchema[];
  [keyword: string]: unknown;
}

/** What may be written for a component's options: the input side, before durations become milliseconds. */
export function toOptionSchema(options: z.ZodType): OptionSchema {
  const { $schema: _, ...schema } = z.toJSONSchema(options, { io: 'input', unrepresentable: 'any' });
  return schema as OptionSchema;
}

/** The schemas that a value at the path is held against: several where alternatives are. */
export function schemasAt(schema: OptionSchema, path: readonly PropertyKey[]): readonly OptionSchema[] {
  const here = alternatives(schema);
  const [first, ...rest] = path;
  if (first === undefined) return here;
  return here.flatMap((one) => {
    const next = childSchema(one, first);
    return next === undefined ? [] : schemasAt(next, rest);
  });
}

/** Keys that a map at the path may have. */
export function keysAt(schema: OptionSchema, path: readonly PropertyKey[]): readonly string[] {
  return schemasAt(schema, path).flatMap((one) => Object.keys(one.properties ?? {}));
}

/** Texts at places whose schema says that they are secret. */
export function secretTexts(schema: OptionSchema, value: unknown): string[] {
  const here = alternatives(schema);
  if (schema.secret === true || here.some((one) => one.secret === true)) return allTexts(value);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) =>
    here.flatMap((one) => {
      const next = childSchema(one, Array.isArray(value) ? Number(key) : key);
      return next === undefined ? [] : secretTexts(next, item);
    }),
  );
}

function allTexts(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value === 'number') return [String(value)];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(allTexts) : [];
}

export function alternatives(schema: OptionSchema): readonly OptionSchema[] {
  const nested = [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])];
  return nested.length === 0 ? [schema] : [schema, ...nested.flatMap(alternatives)];
}

function childSchema(schema: OptionSchema, key: PropertyKey): OptionSchema | undefined {
  if (typeof key === 'number') return typeof schema.items === 'object' ? schema.items : undefined;
  const name = String(key);
  const own =
    schema.properties !== undefined && Object.hasOwn(schema.properties, name)
      ? schema.properties[name]
      : undefined;
  return own ?? (typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined);
}
