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
  /** `next_phase`: what comes from now on is another phase; answered with the report of those before. */
  readonly kind: 'usage' | 'report' | 'next_phase';
}

/** In the process itself: says where it listens, and answers what it is asked. Ends with its parent. */
export function serveParent(
  ready: Omit<LoadReady, 'kind'>,
  counts: () => LoadUsage['counts'],
  report: () => unknown = () => undefined,
  nextPhase: () => void = () => {},
): void {
  // Ctrl-C reaches the whole group; the benchmark ends this process when it has ended the others.
  process.on('SIGINT', () => {});
  process.on('disconnect', () => process.exit(0));
  process.on('message', ({ kind }: LoadQuestion) => {
    if (kind === 'usage') {
      const { user, system } = process.cpuUsage();
      say({ kind, cpuMillis: (user + system) / 1000, counts: counts() });
    } else {
      if (kind === 'next_phase') nextPhase();
      say({ kind: 'report', report: report() });
    }
  });
  say({ kind: 'ready', ...ready });
}

function say(message: LoadMessage): void {
  if (process.connected) process.send?.(message);
}
