import { expect } from 'vitest';
import type { Server } from '../../../../src/app/server.ts';
import type { Run } from '../../../../src/contracts/run.ts';
import { getJson } from './server-ground.ts';

/** The run as it ended. */
export async function endOfRun(server: Server, id: string): Promise<Run> {
  let run: Run | undefined;
  await expect
    .poll(
      async () => {
        run = (await getJson<Run>(server, `/api/v1/runs/${id}`)).body;
        return run.state;
      },
      { timeout: 15_000 },
    )
    .not.toBe('running');
  if (run === undefined) throw new Error('There is no run.');
  return run;
}
