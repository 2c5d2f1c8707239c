/** How faults bend the pages of one reply. */
export interface PageShape {
  /** No more items than this on the page, whatever the caller asked for. */
  readonly maxItems: number;
  /** Nothing on the page, and a token to go on with. */
  readonly empty: boolean;
  /** The token leads back to this very page. */
  readonly repeat: boolean;
  /** Events stand stream by stream, not by time. */
  readonly unsort: boolean;
}

export const PLAIN_PAGE: PageShape = {
  maxItems: Number.POSITIVE_INFINITY,
  empty: false,
  repeat: false,
  unsort: false,
};
