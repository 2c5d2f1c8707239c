import { hashText } from '../../foundation/hash.ts';

const SEQUENCE_DIGITS = 15;
const PREFIX_DIGITS = 56 - SEQUENCE_DIGITS;

/**
 * Event ids in the form of the service's: 56 decimal digits, in which the event's time stands in the highest bits
 * (an id of 2022-07-05 03:46:35 begins with 36952013569…, which is the time in milliseconds times 2^144). Below it stand
 * a hash of the group, and the number of the event in it: unique, and the same in every run.
 */
export class EventIds {
  readonly #groupBits: bigint;
  #lastTimestamp = -1;
  #lastPrefix = '';

  /** `groupIdentity` must differ for a group that was deleted and made again. */
  constructor(groupIdentity: string) {
    this.#groupBits = BigInt(`0x${hashText(groupIdentity)}`) << 80n;
  }

  idOf(timestampMillis: number, sequence: number): string {
    if (timestampMillis !== this.#lastTimestamp) {
      this.#lastTimestamp = timestampMillis;
      const bits = (BigInt(timestampMillis) << 144n) | this.#groupBits;
      this.#lastPrefix = String(bits / 10n ** BigInt(SEQUENCE_DIGITS)).padStart(PREFIX_DIGITS, '0');
    }
    return this.#lastPrefix + String(sequence).padStart(SEQUENCE_DIGITS, '0');
  }
}
