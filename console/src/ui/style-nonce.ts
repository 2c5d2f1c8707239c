/**
 * The server sends a strict content security policy: style elements need the nonce of the page, which it writes into the
 * document. Empty where Vite serves the page.
 */
export function styleNonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="style-nonce"]')?.content ?? '';
}
