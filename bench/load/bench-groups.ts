/** The log group that holds the events. */
export const BENCH_GROUP = '/ecs/bench';
/** Log groups that hold nothing: the prefix, and a number from 1 on. */
export const IDLE_GROUP_PREFIX = '/ecs/idle-';
export const IDLE_GROUPS = 50;
/** How long they are followed. */
export const IDLE_SECONDS = 20;
