import { type FileHandle, open } from 'node:fs/promises';

/** How a line of ours begins, whatever the record. */
const LINE_START = '{"time":';
const LINE_BREAK = 0x0a;

/**
 * Leaves a file that ends with a whole line: the beginning of a line of ours, which a crash tore, is cut off; a last line
 * of somebody else's is ended. Resolves to the size and to the ids in the last `maxBytes`.
 */
export async function healTail(
  handle: FileHandle,
  maxBytes: number,
): Promise<{ readonly size: number; readonly ids: Set<string> }> {
  const tail = await readTail(handle, maxBytes);
  const end = tail.bytes.lastIndexOf(LINE_BREAK) + 1;
  const rest = tail.bytes.subarray(end);
  const ids = idsOf(tail.bytes.subarray(0, end));
  if (rest.length === 0) return { size: tail.from + end, ids };
  const begin = rest.subarray(0, LINE_START.length).toString();
  if (LINE_START.startsWith(begin)) {
    await handle.truncate(tail.from + end);
    return { size: tail.from + end, ids };
  }
  await handle.appendFile('\n');
  return { size: tail.from + tail.bytes.length + 1, ids };
}

/** The ids in the last `maxBytes` of a file that is not written any more. */
export async function idsAtEnd(path: string, maxBytes: number): Promise<Set<string>> {
  const handle = await open(path, 'r');
  try {
    return idsOf((await readTail(handle, maxBytes)).bytes);
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

function idsOf(lines: Buffer): Set<string> {
  const ids = new Set<string>();
  for (const line of lines.toString().split('\n')) {
    const id = idOf(line);
    if (id !== undefined) ids.add(id);
  }
  return ids;
}

function idOf(line: string): string | undefined {
  if (line === '') return undefined;
  try {
    const parsed = JSON.parse(line) as { readonly id?: unknown } | null;
    return typeof parsed?.id === 'string' ? parsed.id : undefined;
  } catch {
    return undefined;
  }
}
