/** What the benchmark and the processes that it measures against say to each other. */
export interface LoadReady {
  readonly kind: 'ready';
  readonly url: string;
  /** What the process tells of itself, for the report. */
  readonly facts: Readonly<Record<string, number>>;
}

export interface LoadUsage {
  readonly kind: 'usage';
  /** User and system, since its start. */
  readonly cpuMillis: number;
  /** Requests or points, by name, since its start. */
  readonly counts: Readonly<Record<string, number>>;
}

export type LoadMessage = LoadReady | LoadUsage;

/** In the process itself: says where it listens, and answers each message with its usage. Ends with its parent. */
export function serveParent(ready: Omit<LoadReady, 'kind'>, counts: () => LoadUsage['counts']): void {
  // Ctrl-C reaches the whole group; the benchmark ends this process when it has ended the others.
  process.on('SIGINT', () => {});
  process.on('disconnect', () => process.exit(0));
  process.on('message', () => {
    const { user, system } = process.cpuUsage();
    say({ kind: 'usage', cpuMillis: (user + system) / 1000, counts: counts() });
  });
  say({ kind: 'ready', ...ready });
}

function say(message: LoadMessage): void {
  if (process.connected) process.send?.(message);
}
