import { fileURLToPath } from 'node:url';

/** Where the built console lies: beside the program, in a checkout as in the package. */
export function consoleFolder(): string {
  return fileURLToPath(new URL('../../console/dist', import.meta.url));
}
