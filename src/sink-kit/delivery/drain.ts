import type { Spool } from '../../contracts/spool.ts';
import type { DrainOptions, DrainResult } from './delivery.ts';
import type { DeliveryState } from './delivery-state.ts';

/** What draining has to know of a delivery. */
export interface DrainView {
  readonly destination: string;
  readonly spool: Spool;
  state(): DeliveryState;
  lastErrorText(): string;
  /** Offset from which the spool is read next; undefined before the sink is open. */
  readUpTo(): number | undefined;
  /** Offset of the oldest record that was read and is not acknowledged. */
  oldestOpen(): number | undefined;
  /** Called after every change. */
  readonly listeners: Set<() => void>;
}

/** Waits until all entries of the consumer that the spool holds now are read and acknowledged. */
export async function drainSpool(
  view: DrainView,
  signal: AbortSignal,
  options: DrainOptions,
): Promise<DrainResult> {
  const { spool, destination, listeners } = view;
  let changed = () => {};
  const onChange = () => changed();
  listeners.add(onChange);
  signal.addEventListener('abort', onChange);
  try {
    const newest = await spool.newestOffset();
    for (;;) {
      const reason = endedEarly(view.state(), signal, options);
      if (reason !== undefined) {
        const waitingRecords = await recordsWaiting(spool, destination);
        return { drained: false, reason, detail: view.lastErrorText(), waitingRecords };
      }
      const change = new Promise<void>((resolve) => {
        changed = resolve;
      });
      const from = view.readUpTo();
      if (from !== undefined && (view.oldestOpen() ?? Infinity) > newest) {
        // The consumer sees only its own topics, so that its offsets need not reach the newest: the spool is asked.
        const [next] = from > newest ? [] : await spool.read(destination, from, 1);
        const unmoved = view.readUpTo() === from && (view.oldestOpen() ?? Infinity) > newest;
        if (unmoved && (next?.offset ?? Infinity) > newest) return { drained: true };
        if (!unmoved) continue;
      }
      await change;
    }
  } finally {
    listeners.delete(onChange);
    signal.removeEventListener('abort', onChange);
  }
}

type EarlyEnd = Extract<DrainResult, { drained: false }>['reason'];

function endedEarly(
  state: DeliveryState,
  signal: AbortSignal,
  { giveUpAfterAttempts = Number.POSITIVE_INFINITY }: DrainOptions,
): EarlyEnd | undefined {
  if (signal.aborted) return 'aborted';
  if (state.kind === 'failed') return 'failed';
  if (state.kind === 'stopping' || state.kind === 'stopped') return 'stopped';
  if (state.kind === 'retrying' && state.attempt >= giveUpAfterAttempts) return 'unreachable';
  return undefined;
}

async function recordsWaiting(spool: Spool, destination: string): Promise<number | undefined> {
  const usage = await spool.usage().catch(() => undefined);
  return usage?.consumers.find(({ consumer }) => consumer === destination)?.waitingRecords;
}
