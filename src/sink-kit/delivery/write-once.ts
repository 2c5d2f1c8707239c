import type { DeliveryBatch, Sink, WriteOutcome } from '../../contracts/sink.ts';
import type { Clock } from '../../foundation/clock.ts';
import { describeError } from '../../foundation/logferry-error.ts';
import { boundedDetail } from '../reply-outcome.ts';

export type WriteResult =
  | { readonly kind: 'outcome'; readonly outcome: WriteOutcome; readonly tookMillis: number }
  /** The sink threw, which it must not: a defect, treated as "try later". */
  | { readonly kind: 'defect'; readonly outcome: WriteOutcome; readonly thrown: unknown }
  /** Aborted because the delivery stops: how it ended is not known. */
  | { readonly kind: 'stopped' };

/** One write, aborted after the sink's own timeout and when `stop` is. Never rejects. */
export async function writeOnce(
  sink: Sink,
  batch: DeliveryBatch,
  clock: Clock,
  stop: AbortSignal,
): Promise<WriteResult> {
  const { timeoutMillis } = sink.limits;
  const abort = new AbortController();
  const over = new AbortController();
  const onStop = () => abort.abort(stop.reason);
  stop.addEventListener('abort', onStop, { once: true });
  if (stop.aborted) onStop();
  let timedOut = false;
  clock.sleep(timeoutMillis, over.signal).then(
    () => {
      timedOut = true;
      abort.abort(new DOMException(`No outcome within ${timeoutMillis} ms.`, 'TimeoutError'));
    },
    () => {},
  );
  const begunMillis = clock.monotonic();
  try {
    const outcome = await sink.write(batch, abort.signal);
    return { kind: 'outcome', outcome, tookMillis: clock.monotonic() - begunMillis };
  } catch (thrown) {
    if (timedOut)
      return { kind: 'outcome', outcome: timeoutOutcome(timeoutMillis), tookMillis: timeoutMillis };
    if (stop.aborted) return { kind: 'stopped' };
    return { kind: 'defect', outcome: defectOutcome(thrown), thrown };
  } finally {
    over.abort();
    stop.removeEventListener('abort', onStop);
  }
}

function timeoutOutcome(timeoutMillis: number): WriteOutcome {
  return {
    kind: 'retry',
    reason: 'timeout',
    detail: `No reply within ${timeoutMillis} ms.`,
    mayHaveArrived: true,
  };
}

function defectOutcome(thrown: unknown): WriteOutcome {
  return {
    kind: 'retry',
    reason: 'internal',
    detail: boundedDetail(describeError(thrown)),
    mayHaveArrived: true,
  };
}
