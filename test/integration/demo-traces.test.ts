import { expect, test } from 'vitest';
import { DemoFleet } from '../../src/demo/fleet/demo-fleet.ts';
import { HISTORY_MILLIS } from '../../src/demo/fleet/timeline.ts';
import { createAwsWorld } from '../../src/demo/world/create-aws-world.ts';
import { systemClock } from '../../src/foundation/clock.ts';
import type { LogRecord } from '../../src/record/log-record.ts';
import { chain } from '../../src/transforms/chain/definition.ts';
import { componentContext } from '../../src/transforms/testing/component-context.ts';

const PART_OF_A_TRACE = /^(?:\s+at \S|\s+File "|\s+\.\.\. \d|Caused by: |\w*Error: )/;
const START = Date.UTC(2026, 10, 24, 12);

test('no line of a stack trace of the demo fleet stands alone, in the two hours that it begins with', () => {
  const world = createAwsWorld();
  const fleet = new DemoFleet({ world, clock: systemClock, seed: 1, startMillis: START });
  const tidy = chain.create(chain.options.parse({ multiline: 'auto', level: 'auto' }), componentContext);
  const alone: string[] = [];
  let traces = 0;
  for (const group of fleet.logGroups) {
    const events = fleet.expectedEvents(group, START - HISTORY_MILLIS, START);
    const records = events.map(
      ({ timestampMillis, message, stream }, index): LogRecord => ({
        id: String(index),
        timestampMillis,
        ingestedMillis: timestampMillis,
        message,
        origin: originOf(group, stream),
      }),
    );
    for (const { message } of tidy.apply(records, undefined, START).kept) {
      if (message.includes('\n')) traces++;
      if (PART_OF_A_TRACE.test(message)) alone.push(message);
    }
  }
  expect(alone).toEqual([]);
  expect(traces).toBeGreaterThan(100);
});

const origins = new Map<string, LogRecord['origin']>();

function originOf(group: string, stream: string): LogRecord['origin'] {
  const key = `${group} ${stream}`;
  const known = origins.get(key) ?? { source: 'demo', tags: { log_group: group, log_stream: stream } };
  origins.set(key, known);
  return known;
}
