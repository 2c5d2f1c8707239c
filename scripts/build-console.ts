// Runs after `npm ci`: builds the web console, which the server serves from console/dist. An installation without
// development dependencies brings it built; then there is nothing to do.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runSteps } from './steps.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

if (existsSync(join(root, 'node_modules', '.bin', 'vite'))) {
  runSteps([
    {
      title: 'console',
      command: ['vite', 'build', 'console', '--config', 'console/vite.config.ts', '--logLevel', 'warn'],
    },
  ]);
} else {
  console.log('The console is not built: its development dependencies are not installed.');
}
