import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ConfigError } from './config-error.ts';
import { loadConfig } from './load-config.ts';
import { EXAMPLE_CONFIG } from './testing/example-config.ts';
import { smallCatalogue } from './testing/small-catalogue.ts';

/** What tends to matter to YAML, to references and to JavaScript objects. */
const SPLINTERS = [
  '${env:S}', '${', '}', '$${', '${file:/x}', '${var:V}', '${env:S:-', '&a ', '*a', '<<: ', '!!set ', '!x ', '? ', '- ',
  '[', ']', '{', '}', '"', "'", '|\n', '>\n', '#', ': ', '\t', '\n', '\r\n', '\0', '\ud800', '0x', '.inf', '~', 'null',
  '__proto__: 1\n', 'constructor: {}\n', 'toString: x\n', '1e999', '-0', '9'.repeat(40), '%YAML 1.1\n', '---\n', '...\n',
]; // biome-ignore format: a table

const splice = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  cut: fc.nat(12),
  put: fc.oneof(fc.constantFrom(...SPLINTERS), fc.string({ unit: 'binary', maxLength: 6 })),
});

function mutate(text: string, splices: readonly { at: number; cut: number; put: string }[]): string {
  let result = text;
  for (const { at, cut, put } of splices) {
    const index = Math.floor(at * result.length);
    result = result.slice(0, index) + put + result.slice(index + cut);
  }
  return result;
}

async function expectConfigOrProblems(text: string): Promise<void> {
  try {
    await loadConfig('logferry.yaml', {
      catalogue: smallCatalogue,
      env: { S: 'hunter2hunter2' },
      readFile: (path) =>
        path.endsWith('logferry.yaml') ? Promise.resolve(text) : Promise.reject(new Error('none')),
    });
  } catch (thrown) {
    if (!(thrown instanceof ConfigError)) throw thrown;
    expect(thrown.code).toMatch(/^(CONFIG_|LISTEN_NOT_LOOPBACK)/);
    expect(thrown.problems.length).toBeGreaterThan(0);
    for (const problem of thrown.problems) {
      expect(problem.line).toBeGreaterThanOrEqual(1);
      expect(problem.column).toBeGreaterThanOrEqual(1);
    }
    expect(thrown.message).not.toContain('hunter2');
  }
}

test('a mangled configuration is loaded or refused with places, and never anything else', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(splice, { minLength: 1, maxLength: 6 }), (splices) =>
      expectConfigOrProblems(mutate(EXAMPLE_CONFIG, splices)),
    ),
    { numRuns: 400 },
  );
});

test.each([
  ['brackets', '['.repeat(100_000)],
  ['maps', '{a: '.repeat(5000)],
  ['dashes', `a:\n${'- '.repeat(20_000)}x`],
  ['dashes at the start', `${'- '.repeat(20_000)}x`],
  ['question marks', '? '.repeat(5000)],
  ['indentation', Array.from({ length: 3000 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n')],
  [
    'aliases of aliases',
    `a0: &a0 [x, x]\n${Array.from({ length: 40 }, (_, n) => `a${n + 1}: &a${n + 1} [*a${n}, *a${n}]\n`).join('')}`,
  ],
  ['an alias of itself', 'a: &a [*a]\n'],
])('nesting without end is refused: %s', async (_, text) => {
  await expectConfigOrProblems(text);
});
