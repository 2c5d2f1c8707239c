import type { ApiCall } from './api-call.ts';
import type { ApiError } from './api-error.ts';
import type { Position } from './page-tokens.ts';

export interface ListPage<T> {
  readonly items: readonly T[];
  readonly nextToken: string | undefined;
}

/** What the tokens of a call belong to: everything asked for except the token and the page's size. */
export function tokenOwner(call: ApiCall, more = ''): string {
  const { nextToken: _token, limit: _limit, maxResults: _maxResults, ...rest } = call.input.parameters;
  return `${call.action} ${call.region} ${more} ${JSON.stringify(rest)}`;
}

/** The position that a token holds; undefined without a token. Throws what `refuse` makes of a token that is none. */
export function positionOf(
  call: ApiCall,
  token: string | undefined,
  owner: string,
  refuse: (kind: 'expired' | 'invalid') => ApiError,
): Position | undefined {
  if (token === undefined) return undefined;
  const decoded = call.tokens.decode(token, owner);
  if (decoded.kind !== 'position') throw refuse(decoded.kind);
  return decoded.position;
}

/**
 * A page of a list. `keyOf` names the items and must rise along the list: the next page begins behind the last key, whatever
 * came or went in between. Without it the position is counted.
 */
export function listPage<T>(
  call: ApiCall,
  items: readonly T[],
  size: number,
  refuse: (kind: 'expired' | 'invalid') => ApiError,
  keyOf?: (item: T) => string,
): ListPage<T> {
  const owner = tokenOwner(call);
  const sentToken = call.input.optionalText('nextToken');
  const position = positionOf(call, sentToken, owner, refuse) ?? [0];
  const from = startOf(items, position[0] ?? 0, keyOf);
  const until = Math.min(items.length, from + Math.min(size, call.page.maxItems));
  const page = items.slice(from, until);
  if (call.page.empty) return { items: [], nextToken: call.tokens.encode(owner, position) };
  if (call.page.repeat) return { items: page, nextToken: sentToken ?? call.tokens.encode(owner, position) };
  const last = page.at(-1);
  if (until >= items.length || last === undefined) return { items: page, nextToken: undefined };
  return { items: page, nextToken: call.tokens.encode(owner, [keyOf === undefined ? until : keyOf(last)]) };
}

function startOf<T>(items: readonly T[], position: string | number, keyOf?: (item: T) => string): number {
  if (typeof position === 'number') return position;
  const found = items.findIndex((item) => keyOf !== undefined && keyOf(item) > position);
  return found === -1 ? items.length : found;
}
