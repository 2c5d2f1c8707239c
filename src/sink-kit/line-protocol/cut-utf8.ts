/** The longest beginning of a text that is at most `maxBytes` of UTF-8 and ends between two characters. */
export function cutUtf8(text: string, maxBytes: number): string {
  // No UTF-16 unit becomes more than three bytes: most texts need no measuring.
  if (text.length * 3 <= maxBytes) return text;
  // Whatever is beyond maxBytes units is beyond maxBytes bytes too.
  const bytes = Buffer.from(text.slice(0, maxBytes + 1));
  if (bytes.length <= maxBytes && text.length <= maxBytes + 1) return text;
  let end = Math.min(bytes.length, maxBytes);
  while (end > 0 && isContinuation(bytes[end])) end--;
  return bytes.toString('utf8', 0, end);
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}
