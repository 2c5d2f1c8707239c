import { DEFAULT_TRANSFORM_TYPE } from '../../src/catalog/catalogue.ts';
import { fullCatalogue } from '../../src/catalog/full-catalogue.ts';
import { type OptionSchema, toOptionSchema } from '../../src/config/option-schema.ts';
import { settingsOptions } from '../../src/config/settings.ts';
import { EXAMPLE_CONFIG } from '../../src/config/testing/example-config.ts';
import { readExamples, validateExample } from './examples.ts';
import { type GeneratedFile, page } from './generated-file.ts';
import { type ComponentShape, linkToShapes } from './known-shapes.ts';
import { code, fenced, prose, table } from './markdown.ts';
import { optionTable } from './option-rows.ts';

const KINDS = [
  ['source', 'Sources', fullCatalogue.sources],
  ['transform', 'Transforms', fullCatalogue.transforms],
  ['sink', 'Destinations', fullCatalogue.sinks],
] as const;

const INTRODUCTION = `The configuration is one YAML file, by default \`logferry.yaml\`. \`logferry validate\` checks it, \`logferry config schema\` prints its [JSON Schema](config.schema.json) for editors. A key that is not known is an error.

Sources, transforms and destinations are named entries; \`inputs\` of a transform or destination names the sources and transforms that it takes records from. A name begins with a small letter and has small letters, digits and \`_\` only, 63 at most; it names one thing in all three sections.

Wherever a value stands, a reference may stand instead: \`\${env:NAME}\`, \`\${env:NAME:-default}\`, \`\${file:/run/secrets/name}\`. A literal \`\${\` is written \`$\${\`. References are filled in after the file was read as YAML, so a value can never change its structure.

A **duration** is written as \`10s\`, \`5m\`, \`2h30m\`, \`7d\`; a **size** as \`512KiB\`, \`5MiB\`, \`1GiB\` or a number of bytes.`;

interface Described {
  readonly type: string;
  readonly title: string;
  readonly description: string;
  readonly options: Parameters<typeof toOptionSchema>[0];
}

export async function configurationPage(): Promise<GeneratedFile> {
  const names = KINDS.flatMap(([kind, , components]) => components.map(({ type }) => `${kind}_${type}`));
  const examples = await readExamples(['settings', 'account', ...names]);
  await validateExample('the configuration at the top', EXAMPLE_CONFIG);
  const example = (name: string) => fenced('yaml', examples.get(name) ?? '');
  const linkOf = linkToShapes(
    fullCatalogue.transforms.filter(({ type }) => type !== DEFAULT_TRANSFORM_TYPE).map(shapeOf),
  );
  const none = () => undefined;
  return page(
    'configuration.md',
    '# Configuration',
    INTRODUCTION,
    fenced('yaml', EXAMPLE_CONFIG),
    contents(),
    '## Settings',
    example('settings'),
    optionTable(toOptionSchema(settingsOptions), none),
    '## Accounts',
    'An entry of `accounts` is one AWS identity. Without any entry there is one account: the default chain of credentials, in the Region of the environment. [Connecting AWS](../guides/connect-aws.md) shows each way.',
    example('account'),
    optionTable(toOptionSchema(fullCatalogue.account), none),
    ...KINDS.flatMap(([kind, title, components]) => [
      `## ${title}`,
      ...components.map((component: Described) => {
        const isChain = component.type === DEFAULT_TRANSFORM_TYPE;
        return [
          `### ${component.type}`,
          `${prose(component.description)}${isChain ? ' A transform without `type` is of this one.' : ''}`,
          example(`${kind}_${component.type}`),
          optionTable(withWiring(component, kind), isChain ? linkOf : none),
        ].join('\n\n');
      }),
    ]),
  );
}

function contents(): string {
  const rows = KINDS.flatMap(([, title, components]) =>
    components.map(({ type, description }) => [title, `[${code(type)}](#${type})`, prose(description)]),
  );
  return table(
    ['section', 'type', 'what it does'],
    [
      ['Settings', '[settings](#settings)', 'Data folder, server, spool, log.'],
      ['Accounts', '[accounts](#accounts)', 'AWS identities and their Regions.'],
      ...rows,
    ],
  );
}

function shapeOf({ type, options }: Described): ComponentShape {
  return { type, schema: toOptionSchema(options) };
}

/** What the configuration adds to a component's own options. */
function withWiring(component: Described, kind: 'source' | 'transform' | 'sink'): OptionSchema {
  const { properties, required = [], ...rest } = toOptionSchema(component.options);
  const isChain = kind === 'transform' && component.type === DEFAULT_TRANSFORM_TYPE;
  const inputs: OptionSchema = {
    description:
      'Ids of the sources and transforms to take records from; one of them may stand without a list.',
    type: 'array',
    items: { type: 'string' },
  };
  return {
    ...rest,
    properties: {
      type: {
        const: component.type,
        description: `${component.title}.`,
        ...(isChain && { default: DEFAULT_TRANSFORM_TYPE }),
      },
      ...(kind !== 'source' && { inputs }),
      ...properties,
    },
    required: [...(isChain ? [] : ['type']), ...(kind === 'source' ? [] : ['inputs']), ...required],
  };
}
