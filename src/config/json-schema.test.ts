import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { jsonSchema } from './json-schema.ts';
import { EXAMPLE_CONFIG } from './testing/example-config.ts';
import { smallCatalogue } from './testing/small-catalogue.ts';

const schema = jsonSchema(smallCatalogue);
const validate = new Ajv2020({ strict: true, allowUnionTypes: true, strictTypes: false }).compile(schema);

describe('the JSON Schema', () => {
  test('takes the configuration that the documentation shows', () => {
    validate(parse(EXAMPLE_CONFIG));
    expect(validate.errors).toBeNull();
  });

  test('takes a reference wherever a scalar stands', () => {
    const text = EXAMPLE_CONFIG.replace('level: auto', 'level: "${env:LEVEL}"').replace(
      'url: "http://127.0.0.1:9529"',
      'url: "${env:URL}", workers: "${env:W}", gzip: "${env:G}"',
    );
    validate(parse(text));
    expect(validate.errors).toBeNull();
  });

  test.each([
    ['an unknown key at the top', 'data_dir', 'datadir'],
    ['an unknown key of a component', 'every: 10s', 'evry: 10s'],
    ['an unknown type', 'type: datakit', 'type: datakt'],
    ['a missing option', 'url: "http://127.0.0.1:9529"', 'gzip: true'],
    ['a bad name', 'guance:', 'Guance:'],
    ['missing inputs', 'type: store, inputs: [tidy]', 'type: store'],
    ['another version', 'version: 1', 'version: 2'],
  ])('refuses %s', (_, from, to) => {
    expect(EXAMPLE_CONFIG).toContain(from);
    expect(validate(parse(EXAMPLE_CONFIG.replace(from, to)))).toBe(false);
  });

  test('marks secrets and describes every option', () => {
    const datakit = schema['$defs'] as Record<string, { properties: Record<string, object> }>;
    expect(datakit['sink_datakit']?.properties['token']).toMatchObject({ writeOnly: true });
    expect(JSON.stringify(schema)).not.toContain('"secret"');
    const bare = Object.entries(datakit).flatMap(([name, definition]) =>
      Object.entries(definition.properties ?? {}).flatMap(([key, option]) =>
        'description' in option ? [] : [`${name}.${key}`],
      ),
    );
    expect(bare).toEqual([]);
  });
});
