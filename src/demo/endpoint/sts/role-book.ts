import { type Random, randomInteger } from '../../../foundation/random.ts';
import type { AccessKey, KeyRing } from '../signature/key-ring.ts';

export interface AssumableRole {
  readonly arn: string;
  /** AssumeRole is denied without it. */
  readonly externalId?: string;
  /** Denied to everyone else when given. */
  readonly trustedArns?: readonly string[];
}

export interface RoleSession {
  readonly key: AccessKey & { readonly sessionToken: string; readonly expiresAtMillis: number };
  readonly assumedRoleArn: string;
  readonly assumedRoleId: string;
}

const KEY_ID_SIGNS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const SECRET_SIGNS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** The roles that may be assumed, and the sessions made of them: their keys go onto the key ring. */
export class RoleBook {
  readonly #roles: readonly AssumableRole[] | undefined;
  readonly #keys: KeyRing;
  readonly #random: Random;

  /** Without a list every role may be assumed, with or without an external id. */
  constructor(roles: readonly AssumableRole[] | undefined, keys: KeyRing, random: Random) {
    this.#roles = roles;
    this.#keys = keys;
    this.#random = random;
  }

  mayAssume(roleArn: string, externalId: string | undefined, callerArn: string): boolean {
    if (this.#roles === undefined) return true;
    const role = this.#roles.find((candidate) => candidate.arn === roleArn);
    if (role === undefined) return false;
    if (role.externalId !== undefined && role.externalId !== externalId) return false;
    return role.trustedArns === undefined || role.trustedArns.includes(callerArn);
  }

  startSession(roleArn: string, sessionName: string, expiresAtMillis: number): RoleSession {
    const [, partition = 'aws', , , account = '', resource = ''] = roleArn.split(':');
    const roleName = resource.split('/').at(-1) ?? '';
    const assumedRoleArn = `arn:${partition}:sts::${account}:assumed-role/${roleName}/${sessionName}`;
    const key = {
      accessKeyId: `ASIA${this.#signs(KEY_ID_SIGNS, 16)}`,
      secretAccessKey: this.#signs(SECRET_SIGNS, 40),
      sessionToken: this.#signs(SECRET_SIGNS, 120),
      expiresAtMillis,
      arn: assumedRoleArn,
    };
    this.#keys.put(key);
    return { key, assumedRoleArn, assumedRoleId: `AROA${this.#signs(KEY_ID_SIGNS, 17)}:${sessionName}` };
  }

  #signs(alphabet: string, count: number): string {
    return Array.from({ length: count }, () =>
      alphabet.charAt(randomInteger(this.#random, 0, alphabet.length)),
    ).join('');
  }
}
