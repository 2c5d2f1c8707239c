import type { z } from 'zod';
import type { AccountOptions } from '../aws/account-options.ts';
import type { Definition } from '../contracts/component.ts';
import type { PullSource } from '../contracts/pull-source.ts';
import type { Sink } from '../contracts/sink.ts';
import type { Transform } from '../contracts/transform.ts';
import type { SourceContext } from '../sources/source-context.ts';

// `unknown` options: what a definition's own schema answered is what its `create` is given, and nothing else is.
export type SourceDefinition = Definition<PullSource, unknown, SourceContext>;
export type TransformDefinition = Definition<Transform>;
export type SinkDefinition = Definition<Sink>;

/** All that a configuration can be made of. The loader takes it as an argument, so that it can be tried with less. */
export interface Catalogue {
  readonly sources: readonly SourceDefinition[];
  readonly transforms: readonly TransformDefinition[];
  readonly sinks: readonly SinkDefinition[];
  /** Options of one entry of `accounts`. */
  readonly account: z.ZodType<AccountOptions>;
}

/** A transform that names no `type` is of this one. */
export const DEFAULT_TRANSFORM_TYPE = 'chain';
