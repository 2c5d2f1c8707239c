import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { findPython } from '../../test/interop/find-python.ts';
import { BENCH_GROUP } from '../load/bench-group.ts';
import type { WorkerResult } from '../worker/run-worker.ts';
import type { ProgramScenario, Surroundings } from '../worker/scenario.ts';

const RUN_ONCE = fileURLToPath(new URL('seed-way-python/run_once.py', import.meta.url));
/** Of what it prints, which is one line. */
const MAX_OUTPUT_BYTES = 1024 * 1024;

type Reported = Pick<
  WorkerResult,
  | 'seconds'
  | 'cpuUserSeconds'
  | 'cpuSystemSeconds'
  | 'peakRssBytes'
  | 'beginRssBytes'
  | 'records'
  | 'requests'
> & { readonly error: string | null };

export const seedWayPython: ProgramScenario = {
  kind: 'program',
  name: 'seed-way-python',
  // It takes longer than all others together, and what it takes varies less.
  maxRuns: 1,
  title:
    'the seed’s script itself, in Python with boto3: pages of 1,000, posts of 100 points, one after the other; keeps a cursor',
  prepare: () => {
    const found = findPython();
    if ('missing' in found) return found;
    return { run: (surroundings, signal) => runScript(found.python, surroundings, signal) };
  },
};

async function runScript(
  python: string,
  { awsUrl, datakitUrl, fromMillis, records: expected }: Surroundings,
  signal: AbortSignal,
): Promise<WorkerResult> {
  // The script reads up to its own present.
  const seconds = Math.ceil((Date.now() - fromMillis) / 1000) + 60;
  const { stdout } = await promisify(execFile)(python, [RUN_ONCE, BENCH_GROUP, String(seconds)], {
    signal,
    maxBuffer: MAX_OUTPUT_BYTES,
    env: {
      ...process.env,
      PYTHONDONTWRITEBYTECODE: '1',
      AWS_ENDPOINT_URL: awsUrl,
      AWS_LOG_KEY: 'AKIABENCHBENCHBENCHX',
      AWS_LOG_SECRET_ACCESS_KEY: 'any',
      AWS_REGION_NAME: 'us-east-1',
      DATAKIT_URL: datakitUrl,
    },
  });
  const { error, ...reported } = JSON.parse(stdout) as Reported;
  if (error !== null) throw new Error(`The script printed: ${error}`);
  if (reported.records !== expected) throw new Error(`The script read ${reported.records} of ${expected}.`);
  return {
    ...reported,
    points: reported.records,
    childCpuSeconds: 0,
    childPeakRssBytes: 0,
    loopDelayP99Millis: undefined,
    loopDelayMaxMillis: undefined,
    waitedSeconds: undefined,
  };
}
