import { hashLanes, hashText } from '../../foundation/hash.ts';
import { type Random, seededRandom } from '../../foundation/random.ts';

const lanes = new Uint32Array(2);

/**
 * A generator of its own for every (seed, name, index): what a service prints in a second depends on nothing that
 * was generated before it, so that the fleet is the same however often and in whatever steps it is advanced.
 */
export function randomFor(seed: number, name: string, index: number): Random {
  hashLanes(`${seed}/${name}/${index}`, lanes, 0);
  return seededRandom((lanes[0] ?? 0) ^ (lanes[1] ?? 0));
}

/** `digits` hexadecimal digits that belong to (seed, name). */
export function hexFor(seed: number, name: string, digits: number): string {
  let hex = '';
  for (let part = 0; hex.length < digits; part++) hex += hashText(`${seed}/${name}/${part}`);
  return hex.slice(0, digits);
}
