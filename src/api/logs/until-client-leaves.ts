import type { FastifyReply } from 'fastify';
import { LogferryError } from '../../foundation/logferry-error.ts';

/** Aborted when the client goes away before it has its answer: nobody waits for the rest. */
export function untilClientLeaves({ raw }: FastifyReply): AbortSignal {
  const left = new AbortController();
  raw.once('close', () => {
    if (!raw.writableFinished) left.abort(new LogferryError('INTERRUPTED', 'The client went away.'));
  });
  return left.signal;
}
