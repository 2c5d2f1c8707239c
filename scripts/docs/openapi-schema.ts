import { code } from './markdown.ts';

export interface OpenApiSchema {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly description?: string;
  readonly default?: string | number | boolean;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly properties?: Readonly<Record<string, OpenApiSchema>>;
  readonly required?: readonly string[];
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'whole number',
  boolean: 'true or false',
};

/** `whole number, 1 to 1000; default 50`, or `text, required`. */
export function schemaText(schema: OpenApiSchema | undefined, isRequired: boolean): string {
  if (schema === undefined) return '';
  const type = TYPE_NAMES[schema.type ?? ''] ?? schema.type ?? '';
  const kind = schema.enum === undefined ? type : schema.enum.map((one) => code(one)).join(', ');
  const range =
    schema.minimum !== undefined && schema.maximum !== undefined && schema.maximum <= 1_000_000
      ? `, ${schema.minimum} to ${schema.maximum}`
      : '';
  const fallback = schema.default === undefined ? '' : `; default ${code(String(schema.default))}`;
  return `${kind}${range}${fallback}${isRequired ? ', required' : ''}`;
}
