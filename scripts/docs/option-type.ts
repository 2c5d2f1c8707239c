import type { OptionSchema } from '../../src/config/option-schema.ts';
import { parseDuration } from '../../src/foundation/duration.ts';
import { code } from './markdown.ts';

/** Says where the options of a map are described, when that is elsewhere. */
export type ShapeLink = (schema: OptionSchema) => string | undefined;

const SIMPLE: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'number',
  integer: 'whole number',
  boolean: 'true or false',
};

/** The type of an option in words: `duration`, `list of text`, `text or map`. */
export function typeText(schema: OptionSchema, linkOf: ShapeLink): string {
  return alternativeTexts(schema, linkOf).join(' or ');
}

function alternativeTexts(schema: OptionSchema, linkOf: ShapeLink): readonly string[] {
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (alternatives === undefined) return [oneText(schema, linkOf)];
  return [...new Set(alternatives.flatMap((one) => alternativeTexts(one, linkOf)))];
}

function oneText(schema: OptionSchema, linkOf: ShapeLink): string {
  if (schema.const !== undefined) return code(JSON.stringify(schema.const).replaceAll('"', ''));
  if (schema.enum !== undefined) return schema.enum.map((one) => code(String(one))).join(', ');
  // Only a size may be written as a text or as a number.
  if (Array.isArray(schema.type)) return 'size';
  if (schema.type === 'array') return listText(schema, linkOf);
  if (schema.type === 'object') return mapText(schema, linkOf);
  if (schema.type === 'string' && isDuration(schema)) return 'duration';
  return SIMPLE[String(schema.type)] ?? 'anything';
}

function listText({ items }: OptionSchema, linkOf: ShapeLink): string {
  const texts = typeof items === 'object' ? alternativeTexts(items, linkOf) : ['anything'];
  return texts.length === 1 ? `list of ${texts[0]}` : `list of (${texts.join(' or ')})`;
}

function mapText(schema: OptionSchema, linkOf: ShapeLink): string {
  if (schema.properties !== undefined) return linkOf(schema) ?? 'map';
  const values = schema.additionalProperties;
  return typeof values === 'object' ? `map of ${typeText(values, linkOf)}` : 'map';
}

/** Durations are texts for JSON Schema; an example or a default gives them away, and every such option has one. */
function isDuration({ default: fallback, example }: OptionSchema): boolean {
  return [fallback, example].some((one) => typeof one === 'string' && parseDuration(one) !== undefined);
}
