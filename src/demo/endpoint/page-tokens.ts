import type { Clock } from '../../foundation/clock.ts';
import { hashText } from '../../foundation/hash.ts';

export type Position = readonly (string | number)[];

export type DecodedToken =
  | { readonly kind: 'position'; readonly position: Position }
  | { readonly kind: 'expired' }
  | { readonly kind: 'invalid' };

const TOKEN_LIFE_MILLIS = 24 * 60 * 60 * 1000;

/**
 * Tokens that hold their position themselves, so that the endpoint keeps nothing: base64url of
 * `[hash of what the token belongs to, time of issue, serial number, ...position]` and a hash of it that shows tampering.
 * Two tokens are never equal, even for one position. They live 24 hours and belong to the parameters they came from.
 */
export class PageTokens {
  readonly #clock: Clock;
  #serial = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  encode(belongsTo: string, position: Position): string {
    const body = JSON.stringify([hashText(belongsTo), this.#clock.now(), ++this.#serial, ...position]);
    return Buffer.from(hashText(body) + body).toString('base64url');
  }

  decode(token: string, belongsTo: string): DecodedToken {
    const text = Buffer.from(token, 'base64url').toString();
    const body = text.slice(16);
    if (hashText(body) !== text.slice(0, 16)) return { kind: 'invalid' };
    const [owner, issuedMillis, , ...position] = JSON.parse(body) as [string, number, number, ...Position];
    if (owner !== hashText(belongsTo)) return { kind: 'invalid' };
    if (this.#clock.now() - issuedMillis > TOKEN_LIFE_MILLIS) return { kind: 'expired' };
    return { kind: 'position', position };
  }
}
