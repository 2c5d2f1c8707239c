import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const VENV = fileURLToPath(new URL('../../node_modules/.cache/interop-venv', import.meta.url));
const INSTALL_MILLIS = 300_000;

/** Python with boto3, moto's server and the AWS command line; where they are missing, in an environment of our own. */
export interface Python {
  readonly python: string;
  /** Program and first arguments of the AWS command line. */
  readonly aws: readonly [string, ...string[]];
}

/** Answers why not when there is no Python, or its packages cannot be installed. */
export function findPython(): Python | { readonly missing: string } {
  const given = toolsOf('python3');
  if (given !== undefined) return given;
  if (spawnSync('python3', ['--version']).status !== 0) return { missing: 'there is no python3' };
  const python = join(VENV, 'bin', 'python');
  const known = existsSync(python) ? toolsOf(python) : undefined;
  if (known !== undefined) return known;
  console.error('Installing boto3, moto[server] and awscli into node_modules/.cache …');
  const made = spawnSync('python3', ['-m', 'venv', VENV], { encoding: 'utf8', timeout: INSTALL_MILLIS });
  if (made.status !== 0) return { missing: `python3 -m venv failed: ${lastLine(made.stderr)}` };
  const packages = ['boto3==1.43.11', 'moto[server]==5.2.1', 'awscli==1.45.11'];
  const installed = spawnSync(python, ['-m', 'pip', 'install', '--quiet', ...packages], {
    encoding: 'utf8',
    timeout: INSTALL_MILLIS,
  });
  if (installed.status !== 0) return { missing: `pip install failed: ${lastLine(installed.stderr)}` };
  return toolsOf(python) ?? { missing: 'the installed packages cannot be imported' };
}

function toolsOf(python: string): Python | undefined {
  if (spawnSync(python, ['-c', 'import boto3, moto.server']).status !== 0) return undefined;
  if (spawnSync(python, ['-m', 'awscli', '--version']).status === 0)
    return { python, aws: [python, '-m', 'awscli'] };
  return spawnSync('aws', ['--version']).status === 0 ? { python, aws: ['aws'] } : undefined;
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
