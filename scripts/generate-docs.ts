// `npm run docs`: writes docs/reference from what the code itself holds. With --check it changes nothing, and fails
// when a file is not as it would be written.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { commandLinePage } from './docs/command-line-page.ts';
import { configSchemaFile } from './docs/config-schema-file.ts';
import { configurationPage } from './docs/configuration-page.ts';
import { errorsPage } from './docs/errors-page.ts';
import type { GeneratedFile } from './docs/generated-file.ts';
import { httpApiPage } from './docs/http-api-page.ts';
import { metricsPage } from './docs/metrics-page.ts';

const folder = join(dirname(fileURLToPath(import.meta.url)), '..', 'docs', 'reference');
const isCheck = process.argv.includes('--check');

const files: readonly GeneratedFile[] = [
  await configurationPage(),
  commandLinePage(),
  errorsPage(),
  metricsPage(),
  await httpApiPage(),
  configSchemaFile(),
];
const stale = files.filter(({ name, text }) => current(name) !== text).map(({ name }) => name);

if (stale.length === 0) {
  console.log(`The ${files.length} files of docs/reference are up to date.`);
} else if (isCheck) {
  for (const name of stale) console.error(`docs/reference/${name} is not up to date.`);
  console.error('Run `npm run docs`.');
  process.exitCode = 1;
} else {
  mkdirSync(folder, { recursive: true });
  for (const { name, text } of files) if (stale.includes(name)) writeFileSync(join(folder, name), text);
  console.log(`Written: ${stale.join(', ')}.`);
}

/** undefined when it is not there. Line ends are compared as they are in the repository, whatever the checkout made of them. */
function current(name: string): string | undefined {
  try {
    return readFileSync(join(folder, name), 'utf8').replaceAll('\r\n', '\n');
  } catch (thrown) {
    if ((thrown as { readonly code?: string }).code === 'ENOENT') return undefined;
    throw thrown;
  }
}
