import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CANARY, type CliGround, KEY_ID, startCliGround } from './testing/cli-ground.ts';
import { until } from './testing/start-cli.ts';

const TOKEN = 'tkn_canary0token0that0nobody0may0see';

let ground: CliGround;
/** Where a secret came out. */
let leaks: string[];
beforeEach(async () => {
  ground = await startCliGround();
  ground.putEvents(3);
  leaks = [];
});
afterEach(() => ground.close());

function look(where: string, text: string | Buffer): void {
  for (const secret of [TOKEN, CANARY]) if (text.includes(secret)) leaks.push(`${secret} in ${where}`);
}

const destinations = () => ({
  away: { type: 'dataway', inputs: ['logs'], url: ground.datakit.url, token: TOKEN, linger: '0s' },
  file: { type: 'file', inputs: ['logs'], path: 'out.ndjson' },
});

test('whatever fails, and however much is said, no secret of the configuration comes out', async () => {
  // It quotes what it was sent, as proxies do.
  const body = `<p>/v1/write/logging?token=${TOKEN} was refused</p>`;
  ground.datakit.faults.add({ kind: 'reply', reply: { status: 403, body } });
  ground.write({ destinations: destinations() });
  const setKey = (secretAccessKey: string) =>
    ground.endpoint.keys.put({ accessKeyId: KEY_ID, secretAccessKey });
  const cases: Readonly<Record<string, () => void>> = {
    'a refusing backend': () => {},
    'a wrong signature': () => setKey('another'),
    'a proxy': () => {
      setKey(CANARY);
      ground.endpoint.faults.add({ kind: 'html', status: 502 });
    },
  };
  for (const [name, begin] of Object.entries(cases)) {
    begin();
    for (const args of [
      ['check', '--json'],
      ['-v', 'run', 'logs'],
    ]) {
      const { code, stdout, stderr } = await ground.run(args);
      expect(code).not.toBe(0);
      look(`${args.join(' ')} with ${name}`, stdout + stderr);
    }
  }
  const data = join(ground.dir, 'data');
  const files = readdirSync(data, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  expect(files.length).toBeGreaterThan(1);
  for (const file of files) look(file.name, readFileSync(join(file.parentPath, file.name)));
  expect(leaks).toEqual([]);
});

test('the server tells none either: not in its log at level debug, not over HTTP', async () => {
  const top = { log: { level: 'debug' } };
  ground.write({ destinations: destinations(), top, source: { every: '1s' } });
  const up = ground.start(['up']);
  const [, url = ''] = await up.untilStderr(/"url":"(http:[^"]+)"/);
  await until(() => ground.written().length === 3 || undefined, 'the records');
  for (const path of ['/api/v1/status', '/metrics', '/openapi.json', '/readyz', '/api/v1/runs'])
    look(path, await (await fetch(`${url}${path}`)).text());
  up.kill('SIGTERM');
  const { code, stdout, stderr } = await up.ended;
  look('its log', stdout + stderr);
  expect({ code, leaks }).toEqual({ code: 0, leaks: [] });
});

test('a mistake beside a secret is named without the secret', async () => {
  const wrong = `access_key_id: [${CANARY}]\n    secret_access_key: { value: "${CANARY}" }\n    session_tokn: ${CANARY}`;
  ground.write(`version: 1\naccounts:\n  prod:\n    ${wrong}\n`);
  const { code, stderr } = await ground.run(['validate']);
  expect(stderr).toContain('session_tokn');
  look('standard error', stderr);
  expect({ code, leaks }).toEqual({ code: 2, leaks: [] });
});
