import { join } from 'node:path';

/** Where the log store of a destination lies within the data folder. */
export function storeDirectory(dataDir: string, id: string): string {
  return join(dataDir, 'store', id);
}
