import { chain } from '../transforms/chain/definition.ts';
import { detectLevel } from '../transforms/detect-level/definition.ts';
import { drop } from '../transforms/drop/definition.ts';
import { enrich } from '../transforms/enrich/definition.ts';
import { joinLines } from '../transforms/join-lines/definition.ts';
import { redact } from '../transforms/redact/definition.ts';
import type { TransformDefinition } from './catalogue.ts';

/** Every transform that a configuration can name: one line each. */
export const transformTypes: readonly TransformDefinition[] = [
  chain,
  joinLines,
  detectLevel,
  enrich,
  redact,
  drop,
];
