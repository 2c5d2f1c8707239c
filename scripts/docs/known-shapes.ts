import type { OptionSchema } from '../../src/config/option-schema.ts';
import { nestedMaps } from './nested-maps.ts';
import type { ShapeLink } from './option-type.ts';

export interface ComponentShape {
  readonly type: string;
  readonly schema: OptionSchema;
}

/**
 * The chain takes options of other transforms as its own: where a map has the options of one of them, or of a map within
 * one of them, it is named instead of being described twice.
 */
export function linkToShapes(owners: readonly ComponentShape[]): ShapeLink {
  const links = new Map<string, string>();
  for (const { type, schema } of owners) {
    links.set(signature(schema), `map of the options of [${type}](#${type})`);
    for (const [known, path] of listedMaps(schema))
      links.set(known, `map as in \`${path}\` of [${type}](#${type})`);
  }
  return (schema) => links.get(signature(schema));
}

/** Maps in lists of one component: described at the first option that takes them, named at the others. */
export function localShapes(component: OptionSchema): {
  pathOf(map: OptionSchema): string | undefined;
  readonly link: ShapeLink;
} {
  const paths = listedMaps(component);
  const pathOf = (map: OptionSchema) => paths.get(signature(map));
  return {
    pathOf,
    link: (map) => {
      const path = pathOf(map);
      return path === undefined ? undefined : `map as in \`${path}\``;
    },
  };
}

function listedMaps(component: OptionSchema): ReadonlyMap<string, string> {
  const paths = new Map<string, string>();
  for (const [key, option] of Object.entries(component.properties ?? {}))
    for (const { map, path } of nestedMaps(option, key)) {
      const known = signature(map);
      if (path.endsWith('[]') && !paths.has(known)) paths.set(known, path);
    }
  return paths;
}

function signature({ properties }: OptionSchema): string {
  return Object.keys(properties ?? {}).join();
}
