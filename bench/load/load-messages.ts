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

export interface LoadReport {
  readonly kind: 'report';
  /** What the process saw; its shape is its own. */
  readonly report: unknown;
}

export type LoadMessage = LoadReady | LoadUsage | LoadReport;

export interface LoadQuestion {
  readonly kind: 'usage' | 'report';
}

/** In the process itself: says where it listens, and answers what it is asked. Ends with its parent. */
export function serveParent(
  ready: Omit<LoadReady, 'kind'>,
  counts: () => LoadUsage['counts'],
  report: () => unknown = () => undefined,
): void {
  // Ctrl-C reaches the whole group; the benchmark ends this process when it has ended the others.
  process.on('SIGINT', () => {});
  process.on('disconnect', () => process.exit(0));
  process.on('message', ({ kind }: LoadQuestion) => {
    const { user, system } = process.cpuUsage();
    if (kind === 'report') say({ kind, report: report() });
    else say({ kind, cpuMillis: (user + system) / 1000, counts: counts() });
  });
  say({ kind: 'ready', ...ready });
}

function say(message: LoadMessage): void {
  if (process.connected) process.send?.(message);
}
