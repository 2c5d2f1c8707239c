import { createReadStream, createWriteStream } from 'node:fs';
import { readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';

/**
 * `ecs.ndjson.20261123T131002123Z`: sorts by time. After the newest that is there, also when the clock went back: nothing
 * is written over, and the oldest go first.
 */
export async function freeRotatedName(path: string, nowMillis: number): Promise<string> {
  const newest = (await rotatedFiles(path)).at(-1);
  const newestMillis = newest === undefined ? -Infinity : timeOf(newest.slice(path.length + 1));
  const millis = Math.max(nowMillis, newestMillis + 1);
  return `${path}.${new Date(millis).toISOString().replaceAll(/[-:.]/g, '')}`;
}

/** Of the ending of a rotated file's name, Unix milliseconds. */
function timeOf(ending: string): number {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z/.exec(ending);
  const [year = 0, month = 1, ...rest] = (parts ?? []).slice(1).map(Number);
  return Date.UTC(year, month - 1, ...rest);
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

/**
 * Deletes what is too much, and compresses what `isSettled` says of: in the others, what is delivered again after a
 * crash is looked for.
 */
export async function tidyRotated(
  path: string,
  maxFiles: number,
  isSettled: (name: string) => boolean,
): Promise<void> {
  const files = await rotatedFiles(path);
  const tooMany = files.slice(0, Math.max(0, files.length - maxFiles));
  await Promise.all(tooMany.map((name) => rm(name, { force: true })));
  for (const name of files.slice(tooMany.length)) {
    if (!name.endsWith('.gz') && isSettled(name)) await compressFile(name);
  }
}

async function compressFile(name: string): Promise<void> {
  const partial = `${name}.partial`;
  await pipeline(createReadStream(name), createGzip(), createWriteStream(partial, { mode: 0o600 }));
  await rename(partial, `${name}.gz`);
  await rm(name);
}
