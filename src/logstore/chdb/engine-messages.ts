import type { SqlParameters } from '../engine.ts';

/** What the parent asks of the engine's process. Each is answered with `done` or `failed`, searches with `rows` before. */
export type EngineRequest =
  | {
      readonly id: number;
      readonly kind: 'open';
      readonly dir: string;
      /** For the connection of the store's own work. */
      readonly statements: readonly string[];
      /** For each of the connections of searches. */
      readonly searchStatements: readonly string[];
      readonly lanes: number;
    }
  | { readonly id: number; readonly kind: 'rows'; readonly sql: string; readonly parameters: SqlParameters }
  | { readonly id: number; readonly kind: 'run'; readonly sql: string }
  | { readonly id: number; readonly kind: 'insert'; readonly table: string; readonly lines: Uint8Array }
  /** One at a time for each lane. */
  | {
      readonly id: number;
      readonly kind: 'search';
      readonly lane: number;
      readonly sql: string;
      readonly parameters: SqlParameters;
    }
  | { readonly id: number; readonly kind: 'close' }
  | EngineNote;

/** Of a search that is under way; not answered. */
export type EngineNote =
  /** The next rows may come: one message of them for each of these. */
  { readonly id: number; readonly kind: 'more' } | { readonly id: number; readonly kind: 'cancel' };

export type EngineReply =
  | { readonly id: number; readonly kind: 'rows'; readonly text: string }
  | { readonly id: number; readonly kind: 'done'; readonly text: string }
  | { readonly id: number; readonly kind: 'failed'; readonly missing: boolean; readonly message: string };
