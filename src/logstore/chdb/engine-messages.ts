import type { SqlParameters } from '../engine.ts';

/** What the parent asks of the engine's process. */
export type EngineRequest =
  | {
      readonly id: number;
      readonly kind: 'open';
      readonly dir: string;
      readonly statements: readonly string[];
    }
  | { readonly id: number; readonly kind: 'query'; readonly sql: string; readonly parameters: SqlParameters }
  | { readonly id: number; readonly kind: 'insert'; readonly table: string; readonly lines: Uint8Array }
  | { readonly id: number; readonly kind: 'close' };

export type EngineReply =
  | { readonly id: number; readonly ok: true; readonly result: string }
  | { readonly id: number; readonly ok: false; readonly missing: boolean; readonly message: string };
