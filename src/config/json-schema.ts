import { type Catalogue, DEFAULT_TRANSFORM_TYPE } from '../catalog/catalogue.ts';
import { type OptionSchema, toOptionSchema } from './option-schema.ts';
import { ID_PATTERN } from './read-components.ts';
import { settingsOptions } from './settings.ts';

const REFERENCE_PATTERN = '\\$\\{';

const inputs: OptionSchema = {
  description: 'Ids of the sources and transforms to take records from.',
  anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' }, minItems: 1 }],
};

interface Described {
  readonly type: string;
  readonly title: string;
  readonly description: string;
  readonly options: Parameters<typeof toOptionSchema>[0];
}

/** The published JSON Schema (draft 2020-12) of the configuration file, for editors and other programs. */
export function jsonSchema(catalogue: Catalogue): OptionSchema {
  const settings = publish(toOptionSchema(settingsOptions));
  const definitions: Record<string, OptionSchema> = {
    reference: {
      type: 'string',
      pattern: REFERENCE_PATTERN,
      description: 'A reference: ${env:NAME}, ${env:NAME:-default}, ${file:/path} or ${var:NAME}.',
    },
    account: publish(toOptionSchema(catalogue.account)),
  };
  const sections: Record<string, OptionSchema> = {
    accounts: section('AWS accounts, by name.', { $ref: '#/$defs/account' }),
  };
  for (const [name, kind, description, components] of [
    ['sources', 'source', 'Where records come from, by name.', catalogue.sources],
    ['transforms', 'transform', 'Steps between source and destination, by name.', catalogue.transforms],
    ['destinations', 'sink', 'Where records are delivered to, by name.', catalogue.sinks],
  ] as const) {
    const references = components.map((component: Described): OptionSchema => {
      definitions[`${kind}_${component.type}`] = componentSchema(component, kind);
      return { $ref: `#/$defs/${kind}_${component.type}` };
    });
    sections[name] = section(description, { anyOf: references });
  }
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Logferry configuration',
    ...settings,
    properties: { ...settings.properties, ...sections },
    $defs: definitions,
  };
}

function section(description: string, entry: OptionSchema): OptionSchema {
  return {
    type: ['object', 'null'],
    description,
    propertyNames: { pattern: ID_PATTERN.source },
    additionalProperties: entry,
  };
}

function componentSchema(component: Described, kind: 'source' | 'transform' | 'sink'): OptionSchema {
  const options = publish(toOptionSchema(component.options));
  const needsType = !(kind === 'transform' && component.type === DEFAULT_TRANSFORM_TYPE);
  return {
    title: component.title,
    description: component.description,
    type: 'object',
    properties: {
      type: { const: component.type, description: `${component.title}: ${component.description}` },
      ...(kind !== 'source' && { inputs }),
      ...options.properties,
    },
    required: [
      ...(needsType ? ['type'] : []),
      ...(kind === 'source' ? [] : ['inputs']),
      ...(options.required ?? []),
    ],
    additionalProperties: false,
  };
}

/** Our facts in the words of JSON Schema; and wherever a scalar may be a reference, that too. */
function publish(schema: OptionSchema): OptionSchema {
  const { secret, advanced: _, example, description, default: fallback, ...rest } = schema;
  const facts: OptionSchema = {
    ...(description !== undefined && { description }),
    ...(fallback !== undefined && { default: fallback }),
    ...(example !== undefined && { examples: [example] }),
    ...(secret === true && { writeOnly: true }),
  };
  const nested = publishNested(rest);
  return takesReference(rest)
    ? { ...facts, anyOf: [nested, { $ref: '#/$defs/reference' }] }
    : { ...facts, ...nested };
}

function publishNested(schema: OptionSchema): OptionSchema {
  const published: OptionSchema = { ...schema };
  for (const keyword of ['anyOf', 'oneOf', 'allOf'] as const)
    if (schema[keyword] !== undefined) published[keyword] = schema[keyword].map(publish);
  if (schema.properties !== undefined)
    published.properties = Object.fromEntries(
      Object.entries(schema.properties).map(([key, value]) => [key, publish(value)]),
    );
  if (typeof schema.items === 'object') published.items = publish(schema.items);
  if (typeof schema.additionalProperties === 'object')
    published.additionalProperties = publish(schema.additionalProperties);
  return published;
}

/** Scalars that would otherwise refuse the text of a reference. A plain text takes it anyway. */
function takesReference(schema: OptionSchema): boolean {
  if (schema.type === 'number' || schema.type === 'integer' || schema.type === 'boolean') return true;
  if (schema.enum !== undefined) return true;
  const bounds = ['pattern', 'format', 'minLength', 'maxLength'].filter(
    (keyword) => schema[keyword] !== undefined,
  );
  return schema.type === 'string' && bounds.some((keyword) => keyword !== 'minLength');
}
