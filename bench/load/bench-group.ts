/** The log group that holds the backlog. */
export const BENCH_GROUP = '/ecs/bench';
