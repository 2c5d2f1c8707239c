import type { OptionSchema } from '../../src/config/option-schema.ts';

export interface NestedMap {
  readonly map: OptionSchema;
  /** `discover`, or `when[]` for the items of a list. */
  readonly path: string;
}

/** Maps with options of their own within an option: itself, an alternative, or the items of a list. */
export function nestedMaps(option: OptionSchema, path: string): readonly NestedMap[] {
  if (option.properties !== undefined) return [{ map: option, path }];
  const alternatives = option.anyOf ?? option.oneOf ?? [];
  return [
    ...alternatives.flatMap((one) => nestedMaps(one, path)),
    ...(typeof option.items === 'object' ? nestedMaps(option.items, `${path}[]`) : []),
  ];
}
