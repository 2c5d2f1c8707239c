import type { SpoolUsage } from '../../contracts/spool.ts';
import { formatByteSize } from '../../foundation/byte-size.ts';

/** What a destination has in the spool. Destinations that wait for the same records share their bytes. */
export interface SpoolShare {
  readonly destination: string;
  readonly what: 'waiting' | 'dead letters';
  readonly records: number;
  readonly bytes: number;
}

export interface SpoolStatus extends Pick<SpoolUsage, 'usedBytes' | 'maxBytes'> {
  /** Since when reading waits for space. */
  readonly fullSinceMillis?: number;
  /** Largest first. */
  readonly shares: readonly SpoolShare[];
}

export function spoolStatus({ usedBytes, maxBytes, fullSinceMillis, consumers }: SpoolUsage): SpoolStatus {
  const shares = consumers.flatMap((one): SpoolShare[] => [
    { destination: one.consumer, what: 'waiting', records: one.waitingRecords, bytes: one.waitingBytes },
    { destination: one.consumer, what: 'dead letters', records: one.deadLetters, bytes: one.deadLetterBytes },
  ]);
  return {
    usedBytes,
    maxBytes,
    ...(fullSinceMillis !== undefined && { fullSinceMillis }),
    shares: shares.filter(({ bytes }) => bytes > 0).toSorted((a, b) => b.bytes - a.bytes),
  };
}

/** `dead letters of guance 1.9 GiB, waiting for local 80 MiB` */
export function describeShares(shares: readonly SpoolShare[]): string {
  return shares
    .map(({ destination, what, bytes }) => {
      const name = what === 'waiting' ? `waiting for ${destination}` : `dead letters of ${destination}`;
      return `${name} ${formatByteSize(bytes)}`;
    })
    .join(', ');
}

/** What to do about what takes most of it. */
export function makeRoom([largest]: readonly SpoolShare[]): string {
  if (largest === undefined) return 'Set a larger spool.max_bytes.';
  const { destination, what } = largest;
  return what === 'waiting'
    ? `\`logferry check ${destination}\` tells why it does not take records. If it only needs more time, set a larger spool.max_bytes.`
    : `\`logferry dead-letters list ${destination}\` shows why they were refused; then send or discard them.`;
}

/** One sentence for a person, where reading waits. */
export function fullProblem({ maxBytes, fullSinceMillis, shares }: SpoolStatus): string | undefined {
  if (fullSinceMillis === undefined) return undefined;
  const since = new Date(fullSinceMillis).toISOString();
  return `the spool is full (${formatByteSize(maxBytes)}) and reading waits, since ${since}: ${describeShares(shares)}`;
}
