import type { IncomingMessage } from 'node:http';

/** PutLogEvents takes 1 MB of text, which JSON may write six times as long. */
const MAX_BODY_BYTES = 8 * 1024 * 1024;

/** undefined = longer than any request may be. Rejects when the client goes away. */
export async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  return bytes > MAX_BODY_BYTES ? undefined : Buffer.concat(chunks, bytes);
}
