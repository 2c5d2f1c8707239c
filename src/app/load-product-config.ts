import { readFile } from 'node:fs/promises';
import { fullCatalogue } from '../catalog/full-catalogue.ts';
import { loadConfig } from '../config/load-config.ts';
import type { LoadedConfig } from '../config/loaded-config.ts';

/** Reads a configuration with everything that this release has. Throws ConfigError. */
export async function loadProductConfig(path: string, env: NodeJS.ProcessEnv): Promise<LoadedConfig> {
  return await loadConfig(path, {
    catalogue: fullCatalogue,
    env,
    readFile: (file) => readFile(file, 'utf8'),
  });
}
