import { fullCatalogue } from '../../src/catalog/full-catalogue.ts';
import { jsonSchema } from '../../src/config/json-schema.ts';
import type { GeneratedFile } from './generated-file.ts';

/** The same as `logferry config schema` prints. */
export function configSchemaFile(): GeneratedFile {
  return { name: 'config.schema.json', text: `${JSON.stringify(jsonSchema(fullCatalogue), null, 2)}\n` };
}
