import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, zstdDecompress } from 'node:zlib';
import { crashedReply, errorReply, type StandInReply } from './stand-in-reply.ts';

/** Of a body after decompression; the stand-in's own bound, so that a bomb does not end it. */
const MAX_DECODED_BYTES = 256 * 1024 * 1024;

const DECODERS = {
  gzip: promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
  zstd: promisify(zstdDecompress),
} as const;

export type DecodedBody =
  | { readonly kind: 'body'; readonly body: Buffer }
  | { readonly kind: 'refused'; readonly reply: StandInReply };

/**
 * DataKit knows `gzip`, `deflate`, `br` and `zstd`, in exactly that spelling. A corrupt gzip body crashes its handler,
 * which the client sees as an empty 200 without `X-Datakit`.
 */
export async function decodeBody(raw: Buffer, encoding: string | undefined): Promise<DecodedBody> {
  if (encoding === undefined || encoding === '' || encoding === 'identity')
    return { kind: 'body', body: raw };
  if (!Object.hasOwn(DECODERS, encoding)) return refused(`unknown encoding ${encoding}`);
  try {
    const decode = DECODERS[encoding as keyof typeof DECODERS];
    return { kind: 'body', body: await decode(raw, { maxOutputLength: MAX_DECODED_BYTES }) };
  } catch (thrown) {
    if (encoding === 'gzip') return { kind: 'refused', reply: crashedReply };
    return refused(thrown instanceof Error ? thrown.message : String(thrown));
  }
}

function refused(why: string): DecodedBody {
  return {
    kind: 'refused',
    reply: errorReply(400, 'datakit.decodeBodyFailed', `decode body failed: ${why}`),
  };
}
