import { Command } from 'commander';
import type { CliContext } from '../cli-context.ts';

export function validateCommand(cli: CliContext): Command {
  return new Command('validate')
    .description('Look whether the configuration is right, connecting to nothing')
    .argument('[file]', 'configuration (default: that of --config)')
    .action(async (file: string | undefined) => {
      const { loadProductConfig } = await import('../../app/load-product-config.ts');
      const config = await loadProductConfig(file ?? cli.options.config, { ...cli.env });
      const counts = {
        sources: config.sources.length,
        transforms: config.transforms.length,
        destinations: config.destinations.length,
      };
      if (cli.options.json) {
        cli.stdout.write(
          `${JSON.stringify({ ok: true, path: config.path, ...counts, warnings: config.warnings })}\n`,
        );
        return;
      }
      for (const { file: name, line, column, message } of config.warnings)
        cli.stderr.write(`warning ${name}:${line}:${column} ${message}\n`);
      cli.stdout.write(`${config.path} is right: ${Object.entries(counts).map(counted).join(', ')}.\n`);
    });
}

/** `1 source`, `2 sources` */
function counted([name, count]: readonly [string, number]): string {
  return `${count} ${count === 1 ? name.slice(0, -1) : name}`;
}
