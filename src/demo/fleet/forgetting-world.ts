import type { AwsWorld } from '../aws-world.ts';

/** A world that can let go of events which it shows no longer. An extra: a world without it keeps everything. */
export interface ForgettingWorld extends AwsWorld {
  /** Events of the group before that time are gone for good, from `events` too. */
  forgetEvents(region: string, group: string, beforeMillis: number): void;
}

export function canForget(world: AwsWorld): world is ForgettingWorld {
  return 'forgetEvents' in world && typeof world.forgetEvents === 'function';
}
