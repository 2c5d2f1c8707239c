import { mkdirSync, writeFileSync } from 'node:fs';

const FOLDER = new URL('../results/', import.meta.url);

export function writeResults(report: string, results: object): void {
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(new URL('latest.md', FOLDER), report);
  writeFileSync(new URL('latest.json', FOLDER), `${JSON.stringify(results, undefined, 2)}\n`);
}
