import type { OptionSchema } from '../../src/config/option-schema.ts';
import { localShapes } from './known-shapes.ts';
import { code, prose, table } from './markdown.ts';
import { nestedMaps } from './nested-maps.ts';
import { type ShapeLink, typeText } from './option-type.ts';

interface Row {
  readonly name: string;
  readonly schema: OptionSchema;
  readonly isRequired: boolean;
}

/** The options of a component, those for everyday first. Options of nested maps stand as `discover.clusters`. */
export function optionTable(schema: OptionSchema, linkOf: ShapeLink): string {
  const local = localShapes(schema);
  const isElsewhere = (map: OptionSchema, path: string) =>
    linkOf(map) !== undefined || (local.pathOf(map) ?? path) !== path;
  return table(
    ['option', 'type', 'default', 'what it does'],
    rowsOf(schema, '', isElsewhere).map(({ name, schema: option, isRequired }) => [
      code(name),
      typeText(option, (map) => linkOf(map) ?? local.link(map)),
      isRequired ? 'required' : defaultText(option),
      prose(option.description ?? '') + (option.secret === true ? ' Secret.' : ''),
    ]),
  );
}

function rowsOf(
  schema: OptionSchema,
  prefix: string,
  isElsewhere: (map: OptionSchema, path: string) => boolean,
): readonly Row[] {
  const options = Object.entries(schema.properties ?? {});
  const ordered = [
    ...options.filter(([, option]) => option.advanced !== true),
    ...options.filter(([, option]) => option.advanced === true),
  ];
  return ordered.flatMap(([key, option]) => {
    const name = `${prefix}${key}`;
    const isRequired = schema.required?.includes(key) === true && option.default === undefined;
    const nested = nestedMaps(option, name).flatMap(({ map, path }) =>
      isElsewhere(map, path) ? [] : rowsOf(map, `${path}.`, isElsewhere),
    );
    return [{ name, schema: option, isRequired }, ...nested];
  });
}

function defaultText({ default: fallback, properties }: OptionSchema): string {
  if (fallback === undefined || properties !== undefined) return '';
  return code(typeof fallback === 'string' ? fallback : JSON.stringify(fallback));
}
