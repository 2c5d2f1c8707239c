import type { Clock } from '../../../foundation/clock.ts';
import type { Logger } from '../../../foundation/logger.ts';
import type { Random } from '../../../foundation/random.ts';
import type { ReadableAwsWorld } from '../../world/readable-aws-world.ts';
import type { ReadLimits } from '../api-call.ts';
import type { FaultBook } from '../faults/fault-book.ts';
import type { PageTokens } from '../page-tokens.ts';
import type { RequestBook } from '../request-book.ts';
import type { KeyRing } from '../signature/key-ring.ts';
import type { RoleBook } from '../sts/role-book.ts';

/** All that the endpoint's requests share. */
export interface EndpointParts {
  readonly world: ReadableAwsWorld;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly keys: KeyRing;
  readonly roles: RoleBook;
  readonly tokens: PageTokens;
  readonly faults: FaultBook;
  readonly requests: RequestBook;
  readonly limits: ReadLimits;
  /** Regions that the account may use beside those that have content; undefined = every one of its partition. */
  readonly regions: readonly string[] | undefined;
  readonly nextRequestId: () => string;
  /** Aborted when the endpoint closes. */
  readonly signal: AbortSignal;
}
