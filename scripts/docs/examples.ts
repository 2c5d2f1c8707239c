import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse, stringify } from 'yaml';
import { fullCatalogue } from '../../src/catalog/full-catalogue.ts';
import { loadConfig } from '../../src/config/load-config.ts';

const folder = join(dirname(fileURLToPath(import.meta.url)), 'examples');

/** What an example may take for granted: an account, and something at either end of it. */
const SURROUNDINGS: Readonly<Record<string, object>> = {
  accounts: { prod: { regions: ['cn-north-1'] } },
  sources: { ecs_services: { type: 'aws_ecs', account: 'prod' } },
  destinations: { out: { type: 'stdout', inputs: ['ecs_services'] } },
};

/** References of examples; the values only have to have the right shape. */
const ENVIRONMENT = {
  DATAWAY_TOKEN: 'tkn_0123456789abcdef0123456789abcdef',
  LOGS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
  LOGS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
};

/**
 * The YAML of each example by name (`sink_datakit`). Throws when one is missing, is there for nothing, or is no
 * configuration that this release takes.
 */
export async function readExamples(names: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const files = readdirSync(folder).map((file) => file.replace(/\.yaml$/, ''));
  const surplus = files.filter((file) => !names.includes(file));
  if (surplus.length > 0) throw new Error(`No component needs the examples ${surplus.join(', ')}.`);
  const examples = new Map<string, string>();
  for (const name of names) {
    const text = readFileSync(join(folder, `${name}.yaml`), 'utf8').replaceAll('\r\n', '\n');
    await validateExample(`scripts/docs/examples/${name}.yaml`, text);
    examples.set(name, text);
  }
  return examples;
}

/** Throws unless this release takes the text, with what it may take for granted around it. */
export async function validateExample(name: string, text: string): Promise<void> {
  const given = parse(text) as Readonly<Record<string, object>>;
  const whole: Record<string, unknown> = { version: 1, ...given };
  for (const [section, entries] of Object.entries(SURROUNDINGS))
    whole[section] = { ...entries, ...given[section] };
  try {
    await loadConfig(name, {
      catalogue: fullCatalogue,
      env: ENVIRONMENT,
      readFile: () => Promise.resolve(stringify(whole)),
    });
  } catch (thrown) {
    throw new Error(`The example is not right: ${name}.`, { cause: thrown });
  }
}
