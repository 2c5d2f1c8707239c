import type { Random } from '../../foundation/random.ts';
import type { ReadableAwsWorld, WorldRegion } from '../world/readable-aws-world.ts';
import type { PageShape } from './page-shape.ts';
import type { PageTokens } from './page-tokens.ts';
import type { RequestInput } from './request-input.ts';
import type { CallerIdentity } from './signature/key-ring.ts';
import type { RoleBook } from './sts/role-book.ts';

export type ServiceName = 'logs' | 'ecs' | 'sts';

/** One request that passed authentication, with all that an operation may use. */
export interface ApiCall {
  readonly service: ServiceName;
  readonly action: string;
  readonly region: string;
  readonly input: RequestInput;
  readonly identity: CallerIdentity;
  readonly nowMillis: number;
  readonly world: ReadableAwsWorld;
  readonly content: WorldRegion;
  readonly page: PageShape;
  readonly tokens: PageTokens;
  readonly roles: RoleBook;
  readonly random: Random;
  readonly limits: ReadLimits;
}

export interface ReadLimits {
  /** Events that one FilterLogEvents looks at; past it the page ends with a token, as the service's own pages do. */
  readonly scannedEvents: number;
}

/** What an operation answers: a value that is written as JSON (or XML for STS), or JSON that is written already. */
export type Reply = { readonly value: object } | { readonly json: string };

export interface Operation {
  /** Its replies come in pages, and this is the parameter that its tokens come back in. */
  readonly tokenParameter?: string;
  run(call: ApiCall): Reply;
}
