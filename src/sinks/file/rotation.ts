import { createReadStream, createWriteStream } from 'node:fs';
import { readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';

/** `ecs.ndjson.20261123T131002123Z`: sorts by time. */
export function rotatedName(path: string, nowMillis: number): string {
  return `${path}.${new Date(nowMillis).toISOString().replaceAll(/[-:.]/g, '')}`;
}

/** Rotated files of a path, oldest first. */
export async function rotatedFiles(path: string): Promise<string[]> {
  const prefix = `${basename(path)}.`;
  const names = await readdir(dirname(path));
  return names
    .filter((name) => name.startsWith(prefix) && /^\d{8}T\d{9}Z(\.gz)?$/.test(name.slice(prefix.length)))
    .sort()
    .map((name) => join(dirname(path), name));
}

/** Compresses what an earlier process left, and deletes what is too much. */
export async function tidyRotated(path: string, maxFiles: number, compress: boolean): Promise<void> {
  const files = await rotatedFiles(path);
  const tooMany = files.slice(0, Math.max(0, files.length - maxFiles));
  await Promise.all(tooMany.map((name) => rm(name, { force: true })));
  if (!compress) return;
  for (const name of files.slice(tooMany.length)) {
    if (!name.endsWith('.gz')) await compressFile(name);
  }
}

async function compressFile(name: string): Promise<void> {
  const partial = `${name}.partial`;
  await pipeline(createReadStream(name), createGzip(), createWriteStream(partial, { mode: 0o600 }));
  await rename(partial, `${name}.gz`);
  await rm(name);
}
