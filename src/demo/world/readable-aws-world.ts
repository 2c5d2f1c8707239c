import type { AwsWorld } from '../aws-world.ts';
import type { EcsRegion } from './ecs-region.ts';
import type { LogGroup } from './log-group.ts';
import type { SortedNames } from './sorted-names.ts';

/** One Region of the world. */
export interface WorldRegion {
  readonly groups: SortedNames<LogGroup>;
  readonly ecs: EcsRegion;
}

/** The world as the endpoint reads it, and what its writing operations need beyond `AwsWorld`. */
export interface ReadableAwsWorld extends AwsWorld {
  /** Regions that anything was put into. */
  readonly regions: readonly string[];
  /** undefined when nothing was ever put there. */
  region(name: string): WorldRegion | undefined;
  /** Events of the group before that time are gone for good, from `events` too. Ids are not given again. */
  forgetEvents(region: string, group: string, beforeMillis: number): void;
  createLogStream(region: string, group: string, stream: string, createdAtMillis: number): void;
  /** undefined = events are kept for ever. */
  setRetention(region: string, group: string, retentionDays: number | undefined): void;
}
