import { Command } from 'commander';
import { productVersion } from '../../app/version.ts';
import type { CliContext } from '../cli-context.ts';

export function versionCommand(cli: CliContext): Command {
  return new Command('version').description('Print the version, and that of Node.js').action(() => {
    const version = productVersion();
    const text = cli.options.json
      ? JSON.stringify({ version, node: process.version, platform: process.platform, arch: process.arch })
      : `logferry ${version} (Node.js ${process.version}, ${process.platform}-${process.arch})`;
    cli.stdout.write(`${text}\n`);
  });
}
