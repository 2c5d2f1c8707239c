/** The first loss: the failure of a push is swallowed, and the cursor moves on. */
import { expect, onTestFinished, test } from 'vitest';
import { FAULT_REPLIES } from '../../../src/demo/datakit/faults.ts';
import type { DataKitStandIn } from '../../../src/demo/datakit/stand-in-options.ts';
import type { PipelineStatus } from '../../../src/pipeline/pipeline.ts';
import { COMPLETE, GROUP, MINUTE, REGION, STREAM, startTwoWays, type TwoWays } from './testing/two-ways.ts';

const EVENTS_A_MINUTE = 250;
const OUTAGE_MINUTES = 3;

interface Outage {
  readonly name: string;
  begin(datakit: DataKitStandIn): Promise<void> | void;
  end(datakit: DataKitStandIn): Promise<void> | void;
}

const answering = (name: string, reply: (typeof FAULT_REPLIES)[keyof typeof FAULT_REPLIES]): Outage => ({
  name,
  begin: ({ faults }) => faults.add({ kind: 'reply', reply }),
  end: ({ faults }) => faults.clear(),
});

const OUTAGES: readonly Outage[] = [
  { name: 'refuses connections', begin: (datakit) => datakit.refuse(), end: (datakit) => datakit.accept() },
  answering('answers 503', FAULT_REPLIES.unavailable),
  answering('answers 429', FAULT_REPLIES.rateLimited),
  answering('crashes inside its handler, which is answered with 200', FAULT_REPLIES.crashed),
];

test.each(OUTAGES)('a DataKit that $name for three minutes', async (outage) => {
  const ways = await startTwoWays();
  onTestFinished(ways.close);
  await runAMinute(ways, () => ways.logferry.run());

  await outage.begin(ways.seed.datakit);
  await outage.begin(ways.logferry.datakit);
  for (let minute = 0; minute < OUTAGE_MINUTES; minute++)
    await runAMinute(ways, () => ways.logferry.collect());
  await expect.poll(async () => retriesOf(await ways.logferry.status())).toBeGreaterThan(0);
  await outage.end(ways.seed.datakit);
  await outage.end(ways.logferry.datakit);

  await runAMinute(ways, () => ways.logferry.run());
  expect(ways.seed.result()).toEqual({ lost: OUTAGE_MINUTES * EVENTS_A_MINUTE, twice: 0 });
  expect(ways.logferry.result()).toEqual(COMPLETE);
});

const retriesOf = ({ destinations }: PipelineStatus) =>
  destinations.find(({ id }) => id === 'datakit')?.retries;

async function runAMinute(ways: TwoWays, logferry: () => Promise<void>): Promise<void> {
  const from = ways.now();
  const events = Array.from({ length: EVENTS_A_MINUTE }, (_, n) => ({
    timestampMillis: from + 1000 + n * 200,
    message: `line ${n} of ${from}`,
  }));
  ways.world.putEvents(REGION, GROUP, STREAM, events);
  ways.pass(MINUTE);
  await ways.seed.run();
  await logferry();
}
