import { Command } from 'commander';
import type { CliContext } from '../cli-context.ts';

export function configCommand(cli: CliContext): Command {
  const schema = new Command('schema')
    .description('Print the JSON Schema of the configuration, for editors')
    .addHelpText(
      'after',
      '\nIn an editor with a YAML language server:\n  logferry config schema > logferry.schema.json\n  # yaml-language-server: $schema=logferry.schema.json',
    )
    .action(async () => {
      const { fullCatalogue } = await import('../../catalog/full-catalogue.ts');
      const { jsonSchema } = await import('../../config/json-schema.ts');
      cli.stdout.write(`${JSON.stringify(jsonSchema(fullCatalogue), null, 2)}\n`);
    });
  return new Command('config').description('About the configuration').addCommand(schema);
}
