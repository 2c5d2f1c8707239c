import { type FileHandle, open } from 'node:fs/promises';

/** How a line of ours begins, whatever the record. */
const LINE_START = '{"time":';
const LINE_BREAK = 0x0a;
/** Read and parsed at once: a few milliseconds. */
const CHUNK_BYTES = 256 * 1024;
/** Whose line is longer is not ours. */
const LONGEST_LINE_BYTES = 64 * 1024 * 1024;

/**
 * Leaves a file that ends with a whole line: the beginning of a line of ours, which a crash tore, is cut off; a last line
 * of somebody else's is ended. Resolves to the size.
 */
export async function healEnd(handle: FileHandle): Promise<number> {
  const { size } = await handle.stat();
  const end = await lastLineEnd(handle, size);
  if (end === size) return size;
  const begin = (await readAt(handle, end, Math.min(size, end + LINE_START.length))).toString();
  if (LINE_START.startsWith(begin)) {
    await handle.truncate(end);
    return end;
  }
  await handle.appendFile('\n');
  return size + 1;
}

/** How far back keys are wanted. Reading takes from it. */
export interface KeyWindow {
  records: number;
  /** Of messages, as `approximateBytes` counts them at least. */
  bytes: number;
}

/** Adds the keys of the records at the end of a file, the last first, until the window is used up. */
export async function addKeysAtEnd(path: string, keys: Set<string>, window: KeyWindow): Promise<void> {
  const handle = await open(path, 'r');
  try {
    for await (const lines of linesBackwards(handle)) {
      for (const line of lines) {
        if (window.records <= 0 || window.bytes <= 0) return;
        const found = recordOfLine(line);
        if (found === undefined) continue;
        keys.add(found.key);
        window.records--;
        window.bytes -= found.messageLength;
      }
    }
  } finally {
    await handle.close();
  }
}

/** Lines from the end to the beginning, some at a time: reading the next ones lets everything else get its turn. */
async function* linesBackwards(handle: FileHandle): AsyncGenerator<readonly string[], void> {
  let { size: at } = await handle.stat();
  // What was read already of a line that begins earlier.
  let rest: Buffer = Buffer.alloc(0);
  while (at > 0) {
    const from = Math.max(0, at - CHUNK_BYTES);
    const bytes = Buffer.concat([await readAt(handle, from, at), rest]);
    at = from;
    const begin = from === 0 ? 0 : bytes.indexOf(LINE_BREAK) + 1;
    if (from > 0 && begin === 0) {
      if (bytes.length > LONGEST_LINE_BYTES) return;
      rest = bytes;
      continue;
    }
    rest = bytes.subarray(0, begin);
    yield bytes.subarray(begin).toString().split('\n').reverse();
  }
}

async function lastLineEnd(handle: FileHandle, size: number): Promise<number> {
  for (let at = size; at > 0; ) {
    const from = Math.max(0, at - CHUNK_BYTES);
    const found = (await readAt(handle, from, at)).lastIndexOf(LINE_BREAK);
    if (found !== -1) return from + found + 1;
    at = from;
  }
  return 0;
}

async function readAt(handle: FileHandle, from: number, to: number): Promise<Buffer> {
  const bytes = Buffer.alloc(to - from);
  let read = 0;
  while (read < bytes.length) {
    const { bytesRead } = await handle.read(bytes, read, bytes.length - read, from + read);
    if (bytesRead === 0) break;
    read += bytesRead;
  }
  return bytes.subarray(0, read);
}

/** By what a record is known again: two sources that read one log group have the same ids. */
export function keyOf(source: string, id: string): string {
  return JSON.stringify([source, id]);
}

function recordOfLine(line: string): { readonly key: string; readonly messageLength: number } | undefined {
  if (line === '') return undefined;
  try {
    const { source, id, message } = (JSON.parse(line) ?? {}) as Readonly<Record<string, unknown>>;
    if (typeof source !== 'string' || typeof id !== 'string') return undefined;
    return { key: keyOf(source, id), messageLength: typeof message === 'string' ? message.length : 0 };
  } catch {
    return undefined;
  }
}
