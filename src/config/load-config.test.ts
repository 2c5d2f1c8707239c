import { describe, expect, test } from 'vitest';
import { ConfigError } from './config-error.ts';
import { type LoadDependencies, loadConfig } from './load-config.ts';
import { EXAMPLE_CONFIG } from './testing/example-config.ts';
import { smallCatalogue } from './testing/small-catalogue.ts';

function load(text: string, change: Partial<LoadDependencies> = {}, files: Record<string, string> = {}) {
  return loadConfig('/etc/logferry/logferry.yaml', {
    catalogue: smallCatalogue,
    env: {},
    readFile: (path) => {
      if (path === '/etc/logferry/logferry.yaml') return Promise.resolve(text);
      const content = files[path];
      return content === undefined
        ? Promise.reject(Object.assign(new Error('no'), { code: 'ENOENT' }))
        : Promise.resolve(content);
    },
    ...change,
  });
}

async function problemsOf(
  text: string,
  change: Partial<LoadDependencies> = {},
  files: Record<string, string> = {},
): Promise<readonly string[]> {
  try {
    await load(text, change, files);
    return [];
  } catch (thrown) {
    if (!(thrown instanceof ConfigError)) throw thrown;
    return thrown.message.split('\n').map((line) => line.replace('/etc/logferry/logferry.yaml:', ''));
  }
}

/** A whole configuration around a destination's lines. */
function withDestination(lines: string): string {
  return `version: 1\nsources:\n  app: { type: cloudwatch_logs, log_groups: [/ecs/app] }\ndestinations:\n  out:\n    type: datakit\n    inputs: app\n${lines}`;
}

describe('a configuration that is whole', () => {
  test('is read with its options as the components want them', async () => {
    const config = await load(EXAMPLE_CONFIG);
    expect(config.dataDir).toBe('/etc/logferry/data');
    expect(config.server).toEqual({ host: '127.0.0.1', port: 8787 });
    expect(config.spool.maxBytes).toBe(2 * 1024 ** 3);
    expect(config.log).toEqual({ level: 'info', format: 'auto' });
    expect(config.accounts['prod']).toMatchObject({ regions: ['cn-north-1'], profile: 'prod' });
    expect(config.sources.map((source) => [source.id, source.definition.type])).toEqual([
      ['ecs_services', 'aws_ecs'],
      ['demo_task', 'cloudwatch_logs'],
    ]);
    expect(config.sources[0]?.options).toMatchObject({ every: 10_000, start_from: -900_000 });
    expect(config.transforms[0]).toMatchObject({ id: 'tidy', inputs: ['ecs_services', 'demo_task'] });
    expect(config.transforms[0]?.definition.type).toBe('chain');
    expect(config.destinations[0]?.options).toEqual({ retention: 604_800_000, max_disk: 5 * 1024 ** 3 });
    expect(config.warnings).toEqual([]);
  });

  test('has a hash that follows what the file and its references say', async () => {
    const text = withDestination('    url: "http://${env:HOST}"\n');
    const [first, same, other] = await Promise.all(
      ['a', 'a', 'b'].map((HOST) => load(text, { env: { HOST } })),
    );
    expect(first?.hash).toBe(same?.hash);
    expect(first?.hash).not.toBe(other?.hash);
  });

  test('may name its one input without a list', async () => {
    const config = await load(withDestination('    url: http://h\n'));
    expect(config.destinations[0]?.inputs).toEqual(['app']);
  });
});

describe('references', () => {
  test('are put in after parsing, so that a value cannot change the structure', async () => {
    const config = await load(withDestination('    url: ${env:URL}\n'), {
      env: { URL: 'http://h\n    gzip: false # "' },
    });
    expect(config.destinations[0]?.options).toMatchObject({
      url: 'http://h\n    gzip: false # "',
      gzip: true,
    });
  });

  test('give numbers and truth values where these are due, and texts where texts are', async () => {
    const config = await load(
      withDestination(
        '    url: http://h\n    workers: ${env:W}\n    gzip: "${env:G}"\n    token: ${env:T}\n',
      ),
      { env: { W: '7', G: 'false', T: '12345678901234567890123456789012' } },
    );
    expect(config.destinations[0]?.options).toMatchObject({
      workers: 7,
      gzip: false,
      token: '12345678901234567890123456789012',
    });
  });

  test('fall back to a default, are read from trimmed files, and can be escaped', async () => {
    const config = await load(
      withDestination('    url: ${env:NOPE:-http://d}/$${x}\n    token: ${file:/run/secrets/t}\n'),
      {},
      { '/run/secrets/t': ' 12345678901234567890123456789012\n' },
    );
    expect(config.destinations[0]?.options).toMatchObject({
      url: 'http://d/${x}',
      token: '12345678901234567890123456789012',
    });
  });

  test('that lead nowhere are named, all of them, with their places', async () => {
    expect(
      await problemsOf(
        withDestination('    url: ${env:URL}\n    token: ${file:/no}\n    timeout: ${var:T}\n'),
      ),
    ).toEqual([
      '8:10  destinations.out.url: The environment variable URL is not set. A default is written ${env:URL:-default}.',
      '9:12  destinations.out.token: The file /no does not exist.',
      '10:14  destinations.out.timeout: ${var:T}: this release has no variables yet. Use ${env:T} or ${file:/path}.',
    ]);
    await expect(load(withDestination('    url: ${env:URL}\n'))).rejects.toMatchObject({
      code: 'CONFIG_VARIABLE_MISSING',
      exitCode: 2,
    });
  });

  test('take variables from the resolver that is given', async () => {
    const config = await load(withDestination('    url: ${var:U}\n'), {
      variable: (name) => Promise.resolve(`http://${name}`),
    });
    expect(config.destinations[0]?.options).toMatchObject({ url: 'http://U' });
  });

  test('that are malformed are refused without being quoted', async () => {
    const problems = await problemsOf(withDestination('    url: "pass${word}"\n    token: "${hunter2"\n'));
    expect(problems).toHaveLength(2);
    expect(problems.join()).not.toMatch(/hunter2|word}/);
  });
});

describe('a secret never stands in an error', () => {
  test.each([
    ['from the environment', '    url: http://h\n    timeout: ${env:S}\n'],
    [
      'in a list of inputs',
      '    url: http://h\n  other:\n    type: datakit\n    url: http://h\n    inputs: ["${env:S}"]\n',
    ],
    ['as a type', '    url: http://h\n  other: { type: "${env:S}", inputs: [app] }\n'],
  ])('%s', async (_, lines) => {
    const problems = await problemsOf(withDestination(lines), { env: { S: 'hunter2hunter2' } });
    expect(problems).toHaveLength(1);
    expect(problems.join()).not.toContain('hunter2');
  });

  test('written into the file where the schema says that it is one', async () => {
    const problems = await problemsOf(withDestination('    url: http://h\n    token: hunter2\n'));
    expect(problems[0]).toMatch(/^9:12 {2}destinations\.out\.token: /);
    expect(problems.join()).not.toContain('hunter2');
  });

  test('nor in a syntax error', async () => {
    const problems = await problemsOf(withDestination('    url: http://h\n    token: *hunter2\n'));
    expect(problems).toHaveLength(1);
    expect(problems.join()).not.toContain('hunter2');
  });
});

describe('what is wrong', () => {
  test('is said all at once, in the order of the file', async () => {
    const problems = await problemsOf(`version: 2
servr: {}
sources:
  ecs:
    type: aws_ecs
    evry: 10s
    every: soon
    discover: { clusters: [] }
transforms:
  tidy: { inputs: [esc], multiline: jva }
destinations:
  out: { type: datakt, inputs: [tidy] }
  bare: { type: store }
`);
    expect(problems).toEqual([
      '1:10  version: must be 1.',
      '2:1  servr: is no option here. Did you mean "server"?',
      '6:5  sources.ecs.evry: is no option here.',
      '7:12  sources.ecs.every: "soon" is no duration: write 10s, 5m or 2h30m.',
      '8:27  sources.ecs.discover.clusters: must not be an empty list.',
      '10:20  transforms.tidy.inputs[0]: There is no source or transform "esc". Did you mean "ecs"?',
      '10:37  transforms.tidy.multiline: must be "java" or "python". Did you mean "java"?',
      '12:16  destinations.out.type: There is no type "datakt" here. Did you mean "datakit"? The types are datakit or store.',
      '13:3  destinations.bare.inputs: is missing: name the sources or transforms to take records from.',
    ]);
  });

  test.each([
    ['an unknown key', 'wrokers: 2', 'destinations.out.wrokers: is no option here. Did you mean "workers"?'],
    ['a missing option', 'gzip: true', 'destinations.out.url: is missing.'],
    [
      'a number for a text',
      'url: 1',
      'destinations.out.url: must be a text, not a number. Put it in quotes.',
    ],
    ['a text for a number', 'workers: many', 'destinations.out.workers: must be a number, not a text.'],
    ['nothing', 'url:', 'destinations.out.url: has no value; it must be a text.'],
  ])('%s', async (_, line, message) => {
    expect(
      (await problemsOf(withDestination(`    ${line}\n`))).map((one) => one.replace(/^\S+ +/, '')),
    ).toContain(message);
  });

  test('an unknown key in a schema that would let it pass', async () => {
    const text = withDestination('    url: http://h\n  keep: { type: store, inputs: app, max_dsk: 1GiB }\n');
    expect(await problemsOf(text)).toEqual([
      '9:37  destinations.keep.max_dsk: is no option here. Did you mean "max_disk"?',
    ]);
  });

  test('names that are no names, are used twice, or belong to what cannot be an input', async () => {
    const problems = await problemsOf(
      withDestination(
        '    url: http://h\n  app: { type: store, inputs: [out, app, app] }\n  My-Out: { type: store, inputs: app }\n',
      ),
    );
    expect(problems.map((one) => one.replace(/^\S+ +/, ''))).toEqual([
      'destinations.app: The name is taken by sources.app. Names differ over sources, transforms and destinations.',
      'destinations.app.inputs[0]: "out" is a destination, which gives nothing on. Inputs are sources and transforms.',
      'destinations.app.inputs[2]: "app" is named twice.',
      'destinations.My-Out: A name begins with a small letter and has small letters, digits and _ only. Write "my_out".',
    ]);
  });

  test('transforms that go round in a circle', async () => {
    const problems = await problemsOf(
      `${withDestination('    url: http://h\n')}transforms:\n  a: { inputs: [app, c] }\n  b: { inputs: a }\n  c: { inputs: b }\n`,
    );
    expect(problems).toEqual([
      '10:16  transforms.a.inputs: The transforms take records from each other in a circle: a ← c ← b ← a.',
    ]);
  });

  test('an account that is not there', async () => {
    const problems = await problemsOf(
      'version: 1\naccounts: { prod: {} }\nsources:\n  s: { type: aws_ecs, account: prd }\ndestinations:\n  d: { type: store, inputs: s }\n',
    );
    expect(problems).toEqual([
      '4:32  sources.s.account: There is no account "prd" under accounts. Did you mean "prod"?',
    ]);
  });

  test('an address beyond this machine, as long as nobody is asked for a password', async () => {
    const text = 'version: 1\nserver: { listen: "0.0.0.0:8787" }\n';
    await expect(load(text)).rejects.toMatchObject({ code: 'LISTEN_NOT_LOOPBACK' });
  });

  test.each([
    ['a duplicate key', 'version: 1\nversion: 1\n', '2:1  This key is there twice.'],
    ['a tab', 'version: 1\nserver:\n\tlisten: x\n', '3:1  A tab is used for indentation. Use spaces.'],
    [
      'two documents',
      'version: 1\n---\na: 1\n',
      '2:1  Only one document may be in the file: remove the line with ---.',
    ],
    ['an empty file', '', '1:1  The file is empty: it must be a map that begins with "version: 1".'],
    ['a list', '- a\n', '1:1  The file is a list: it must be a map that begins with "version: 1".'],
  ])('%s', async (_, text, message) => {
    expect(await problemsOf(text)).toContain(message);
  });

  test('a file that is not there', async () => {
    const readFile = () => Promise.reject(Object.assign(new Error('no'), { code: 'ENOENT' }));
    await expect(load('', { readFile })).rejects.toMatchObject({ code: 'CONFIG_UNREADABLE' });
  });
});

describe('what leads nowhere', () => {
  test('is a warning', async () => {
    const text = `${withDestination('    url: http://h\n')}transforms:\n  idle: { inputs: app }\n`;
    const { warnings } = await load(text);
    expect(warnings.map((warning) => [warning.path, warning.line])).toEqual([['transforms.idle', 10]]);
  });

  test('anchors and merge keys save repetition', async () => {
    const text =
      'version: 1\nsources:\n  a: &base { type: cloudwatch_logs, log_groups: [/x] }\n  b: { <<: *base, log_groups: [/y] }\ndestinations:\n  d: { type: store, inputs: [a, b] }\n';
    const { sources } = await load(text);
    expect(sources[1]?.options).toMatchObject({ log_groups: ['/y'] });
  });
});
