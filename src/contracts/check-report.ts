import type { ErrorCode } from '../foundation/error-codes.ts';

/**
 * One line of `logferry check` and of the console's checklist. A failed item names the cause and the next step.
 */
export type CheckItem =
  | { readonly status: 'ok'; readonly title: string; readonly detail?: string }
  | {
      /** It works with less: said, with what is missing, and not a failure. */
      readonly status: 'warning';
      readonly title: string;
      readonly detail: string;
      readonly fix?: string;
    }
  | {
      readonly status: 'failed';
      readonly title: string;
      readonly code: ErrorCode;
      readonly detail: string;
      readonly fix: string;
    };

/** In the order in which they were tried; what depends on a failed item is left out. */
export type CheckReport = readonly CheckItem[];
