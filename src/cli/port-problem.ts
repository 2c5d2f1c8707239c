import { once } from 'node:events';
import { createServer } from 'node:net';

/** Why this process could not listen there; undefined when it could. Port 0 is always free. */
export async function portProblem(host: string, port: number): Promise<NodeJS.ErrnoException | undefined> {
  const probe = createServer();
  try {
    probe.listen(port, host);
    await once(probe, 'listening');
  } catch (thrown) {
    return thrown as NodeJS.ErrnoException;
  }
  probe.close();
  await once(probe, 'close');
  return undefined;
}
