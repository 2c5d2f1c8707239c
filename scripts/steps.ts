import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

export interface Step {
  readonly title: string;
  readonly command: readonly [string, ...string[]];
}

export const CHECK_STEPS: readonly Step[] = [
  { title: 'format', command: ['biome', 'check', '--linter-enabled=false', '.'] },
  { title: 'types', command: ['tsc', '-p', 'tsconfig.json'] },
  { title: 'types of the console', command: ['tsc', '-p', 'console/tsconfig.json'] },
  { title: 'lint', command: ['oxlint', '--type-aware', '--quiet'] },
  { title: 'import direction', command: ['depcruise', 'src', '--config', '.dependency-cruiser.cjs'] },
  { title: 'generated pages', command: ['node', 'scripts/generate-docs.ts', '--check'] },
  { title: 'unit tests', command: ['vitest', 'run', '--project', 'unit'] },
];

/** Runs each step on the Node.js that runs this, and ends the process with 1 at the first that fails. */
export function runSteps(steps: readonly Step[]): void {
  const separator = process.platform === 'win32' ? ';' : ':';
  const path = [dirname(process.execPath), join(root, 'node_modules', '.bin'), process.env['PATH']].join(
    separator,
  );
  for (const { title, command } of steps) {
    const [program, ...args] = command;
    console.log(`\n── ${title}: ${command.join(' ')}`);
    const { status, error } = spawnSync(program, args, {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, PATH: path },
      shell: process.platform === 'win32',
    });
    if (status !== 0) {
      console.error(`\n${title} failed${error === undefined ? '' : `: ${error.message}`}.`);
      process.exit(1);
    }
  }
}
