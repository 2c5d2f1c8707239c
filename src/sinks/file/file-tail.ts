import { type FileHandle, open } from 'node:fs/promises';

/** How a line of ours begins, whatever the record. */
const LINE_START = '{"time":';
const LINE_BREAK = 0x0a;

/**
 * Leaves a file that ends with a whole line: the beginning of a line of ours, which a crash tore, is cut off; a last line
 * of somebody else's is ended. Resolves to the size and to the keys in the last `maxBytes`.
 */
export async function healTail(
  handle: FileHandle,
  maxBytes: number,
): Promise<{ readonly size: number; readonly keys: Set<string> }> {
  const tail = await readTail(handle, maxBytes);
  const end = tail.bytes.lastIndexOf(LINE_BREAK) + 1;
  const rest = tail.bytes.subarray(end);
  const keys = keysOf(tail.bytes.subarray(0, end));
  if (rest.length === 0) return { size: tail.from + end, keys };
  const begin = rest.subarray(0, LINE_START.length).toString();
  if (LINE_START.startsWith(begin)) {
    await handle.truncate(tail.from + end);
    return { size: tail.from + end, keys };
  }
  await handle.appendFile('\n');
  return { size: tail.from + tail.bytes.length + 1, keys };
}

/** The keys in the last `maxBytes` of a file that is not written any more. */
export async function keysAtEnd(path: string, maxBytes: number): Promise<Set<string>> {
  const handle = await open(path, 'r');
  try {
    return keysOf((await readTail(handle, maxBytes)).bytes);
  } finally {
    await handle.close();
  }
}

async function readTail(
  handle: FileHandle,
  maxBytes: number,
): Promise<{ readonly from: number; readonly bytes: Buffer }> {
  const { size } = await handle.stat();
  const from = Math.max(0, size - maxBytes);
  const bytes = Buffer.alloc(size - from);
  let read = 0;
  while (read < bytes.length) {
    const { bytesRead } = await handle.read(bytes, read, bytes.length - read, from + read);
    if (bytesRead === 0) break;
    read += bytesRead;
  }
  return { from, bytes: bytes.subarray(0, read) };
}

function keysOf(lines: Buffer): Set<string> {
  const keys = new Set<string>();
  for (const line of lines.toString().split('\n')) {
    const key = keyOfLine(line);
    if (key !== undefined) keys.add(key);
  }
  return keys;
}

/** By what a record is known again: two sources that read one log group have the same ids. */
export function keyOf(source: string, id: string): string {
  return JSON.stringify([source, id]);
}

function keyOfLine(line: string): string | undefined {
  if (line === '') return undefined;
  try {
    const { source, id } = (JSON.parse(line) ?? {}) as { readonly source?: unknown; readonly id?: unknown };
    return typeof source === 'string' && typeof id === 'string' ? keyOf(source, id) : undefined;
  } catch {
    return undefined;
  }
}
