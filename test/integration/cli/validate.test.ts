import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { CANARY, type CliGround, startCliGround } from './testing/cli-ground.ts';

let ground: CliGround;
beforeAll(async () => {
  ground = await startCliGround();
});
afterAll(() => ground.close());

const BAD = `version: 1
accounts:
  prod: { regions: [us-east-1], access_key_id: AKIATESTTESTTESTTEST, secret_access_key: "${CANARY}", secret_key: "${CANARY}" }
sources:
  logs:
    type: cloudwatch_logs
    log_groups: [/ecs/app]
    start_form: -5m
    every: soon
  other: { type: cloudwatch_log }
destination: {}
`;

test('every mistake is named by file, line and column, with what was probably meant', async () => {
  ground.write(BAD, 'bad.yaml');
  const { code, stdout, stderr } = await ground.run(['validate', 'bad.yaml']);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  const column = (BAD.split('\n')[2]?.indexOf('secret_key:') ?? 0) + 1;
  expect(stderr).toContain(`bad.yaml:3:${column}  accounts.prod.secret_key: is no option here.`);
  expect(stderr).toContain(
    'bad.yaml:8:5  sources.logs.start_form: is no option here. Did you mean "start_from"?',
  );
  expect(stderr).toMatch(/^bad\.yaml:9:12 {2}sources\.logs\.every: /m);
  expect(stderr).toMatch(/^bad\.yaml:10:18 {2}sources\.other\.type: .* Did you mean "cloudwatch_logs"\?/m);
  expect(stderr).toContain('bad.yaml:11:1  destination: is no option here. Did you mean "destinations"?');
});

test('what is no YAML is named by file, line and column', async () => {
  ground.write('version: 1\nsources:\n  logs: [\n', 'broken.yaml');
  const { code, stderr } = await ground.run(['validate', 'broken.yaml']);
  expect(stderr).toMatch(/^error CONFIG_SYNTAX broken\.yaml:\d+:\d+ {2}/);
  expect(code).toBe(2);
});

test('a variable that is not set is named with its place', async () => {
  ground.write('version: 1\naccounts:\n  prod:\n    access_key_id: ${env:NOT_SET}\n', 'variable.yaml');
  const { code, stderr } = await ground.run(['validate', 'variable.yaml']);
  expect(stderr).toMatch(
    /^variable\.yaml:4:20 .*NOT_SET|CONFIG_VARIABLE_MISSING variable\.yaml:4:20 .*NOT_SET/m,
  );
  expect(code).toBe(2);
});

test('a right one is said to be right, in words and as JSON', async () => {
  ground.write();
  const { code, stdout, stderr } = await ground.run(['validate']);
  expect(stdout).toMatch(/logferry\.yaml is right: 1 source, 0 transforms, 2 destinations\.\n$/);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const json = await ground.run(['validate', '--json']);
  expect(JSON.parse(json.stdout)).toMatchObject({ ok: true, sources: 1, destinations: 2, warnings: [] });
});

test('`config schema` is a valid JSON Schema that takes what is right and refuses what is not', async () => {
  const { code, stdout, stderr } = await ground.run(['config', 'schema']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const schema = JSON.parse(stdout) as Record<string, unknown>;
  expect(schema['$schema']).toBe('https://json-schema.org/draft/2020-12/schema');
  const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false });
  expect(ajv.validateSchema(schema)).toBe(true);
  const validate = ajv.compile(schema);
  expect(validate(JSON.parse(JSON.stringify(ground.config())))).toBe(true);
  expect(validate(parse(BAD))).toBe(false);
});
