/** An access key that the endpoint accepts. */
export interface AccessKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Keys of a session are only good with it. */
  readonly sessionToken?: string;
  /** Refused as expired from then on, Unix milliseconds. */
  readonly expiresAtMillis?: number;
  /** Who it is; an IAM user named `demo` when left out. */
  readonly arn?: string;
}

/** Who signed a request. */
export interface CallerIdentity {
  readonly accountId: string;
  readonly arn: string;
  readonly userId: string;
}

/** The keys that are good now. May change while the endpoint runs: a key that is put again replaces the one before. */
export class KeyRing {
  /** When false any key is good, and signatures are not looked at. */
  readonly checks: boolean;
  readonly #keys = new Map<string, AccessKey>();

  constructor(keys: readonly AccessKey[] | undefined) {
    this.checks = keys !== undefined;
    for (const key of keys ?? []) this.put(key);
  }

  put(key: AccessKey): void {
    this.#keys.set(key.accessKeyId, key);
  }

  remove(accessKeyId: string): void {
    this.#keys.delete(accessKeyId);
  }

  find(accessKeyId: string): AccessKey | undefined {
    return this.#keys.get(accessKeyId);
  }
}
