import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { fullCatalogue } from './full-catalogue.ts';

interface Schema {
  readonly description?: string;
  readonly properties?: Record<string, Schema>;
  readonly additionalProperties?: unknown;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
}

const components = [
  ...fullCatalogue.sources.map((definition) => ['source', definition] as const),
  ...fullCatalogue.transforms.map((definition) => ['transform', definition] as const),
  ...fullCatalogue.sinks.map((definition) => ['sink', definition] as const),
].map(([kind, definition]) => [`${kind} ${definition.type}`, definition] as const);

/** Paths of maps that would take an unknown key, and of options that nobody described. */
function faults(schema: Schema, path: string): string[] {
  const open =
    schema.properties !== undefined && schema.additionalProperties !== false ? [`${path} is open`] : [];
  const nested = Object.entries(schema.properties ?? {}).flatMap(([key, value]) => [
    ...(value.description === undefined ? [`${path}.${key} has no description`] : []),
    ...faults(value, `${path}.${key}`),
  ]);
  return [
    ...open,
    ...nested,
    ...(typeof schema.items === 'object' ? faults(schema.items, `${path}[]`) : []),
    ...(schema.anyOf ?? []).flatMap((one) => faults(one, path)),
  ];
}

describe('the catalogue', () => {
  test.each(components)('%s refuses unknown keys and describes every option', (name, definition) => {
    expect(definition.type).toMatch(/^[a-z][a-z0-9_]*$/);
    expect(definition.title).not.toBe('');
    expect(definition.description).toMatch(/\.$/);
    const schema = z.toJSONSchema(definition.options, { io: 'input', unrepresentable: 'any' }) as Schema;
    expect(faults(schema, name)).toEqual([]);
    expect(Object.keys(schema.properties ?? {})).not.toEqual(expect.arrayContaining(['type']));
    expect(Object.keys(schema.properties ?? {})).not.toEqual(expect.arrayContaining(['inputs']));
  });

  test('has every type once in its kind', () => {
    const names = components.map(([name]) => name);
    expect(new Set(names).size).toBe(names.length);
  });
});
