import type { Clock } from '../../foundation/clock.ts';

/** Structurally what the SDK calls an AwsCredentialIdentity. */
export interface AwsKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}

export type FindKeys = () => Promise<AwsKeys>;

/** Keys are renewed this long before they expire, as the SDK does. */
const RENEW_BEFORE_MILLIS = 5 * 60_000;
/** A credential process or a metadata service that does not answer must not hold up everything for ever. */
const FIND_TIMEOUT_MILLIS = 30_000;

/**
 * The keys of an account, found once, shared by its clients, and renewed before they expire. Keys that cannot be
 * renewed are used for as long as they are valid.
 */
export class RenewingCredentials {
  readonly #begin: () => FindKeys;
  readonly #clock: Clock;
  #find: FindKeys;
  #keys: AwsKeys | undefined;
  #finding: Promise<AwsKeys> | undefined;

  /** `begin` makes a finder that has cached nothing: the SDK's providers remember for ever what does not expire. */
  constructor(begin: () => FindKeys, clock: Clock) {
    this.#begin = begin;
    this.#clock = clock;
    this.#find = begin();
  }

  /** Rejects with whatever the finder throws; a failure is not remembered. */
  async provide(): Promise<AwsKeys> {
    const known = this.#keys;
    if (known === undefined || this.#remainingMillis(known) <= 0) return this.#renew();
    if (this.#remainingMillis(known) > RENEW_BEFORE_MILLIS) return known;
    return this.#renew().catch(() => known);
  }

  /**
   * AWS refused the keys with this id. Looks for others, and tells whether there are any, so that trying again
   * makes sense.
   */
  async replace(refused: AwsKeys): Promise<boolean> {
    if (this.#keys === refused) {
      this.#keys = undefined;
      this.#find = this.#begin();
    }
    const found = await this.provide();
    return found.accessKeyId !== refused.accessKeyId || found.sessionToken !== refused.sessionToken;
  }

  #remainingMillis(keys: AwsKeys): number {
    return keys.expiration === undefined ? Infinity : keys.expiration.getTime() - this.#clock.now();
  }

  #renew(): Promise<AwsKeys> {
    this.#finding ??= this.#findInTime().finally(() => {
      this.#finding = undefined;
    });
    return this.#finding;
  }

  async #findInTime(): Promise<AwsKeys> {
    const found = new AbortController();
    const timeout = this.#clock.sleep(FIND_TIMEOUT_MILLIS, found.signal).then(() => {
      throw new CredentialsTimeoutError();
    });
    // When the keys are found first, the aborted sleep rejects with nobody listening.
    timeout.catch(() => {});
    try {
      this.#keys = await Promise.race([this.#find(), timeout]);
      return this.#keys;
    } finally {
      found.abort();
    }
  }
}

export class CredentialsTimeoutError extends Error {
  override readonly name = 'CredentialsTimeoutError';

  constructor() {
    super(`No AWS credentials came within ${FIND_TIMEOUT_MILLIS / 1000} s.`);
  }
}
