/**
 * Records as a store holds them: what the demo's fleet printed in two hours, with levels, repeated until there are
 * enough and spread evenly over a range of time. Long hexadecimal ids are made anew at each repetition, so that a trace
 * id stays rare.
 */
import { DemoFleet } from '../../src/demo/fleet/demo-fleet.ts';
import { createAwsWorld } from '../../src/demo/world/create-aws-world.ts';
import { systemClock } from '../../src/foundation/clock.ts';
import { seededRandom } from '../../src/foundation/random.ts';
import type { LogRecord, Origin } from '../../src/record/log-record.ts';
import { levelOfMessage } from '../../src/transforms/detect-level/level-of-message.ts';

const SEED = 1;
const LONG_HEX = /[0-9a-f]{16,}/g;

interface PrintedLine {
  readonly origin: Origin;
  readonly atMillis: number;
  readonly message: string;
  readonly level: LogRecord['level'];
}

/** By time, in batches. */
export function* storedRecords(
  records: number,
  fromMillis: number,
  toMillis: number,
  batch: number,
): Generator<readonly LogRecord[]> {
  const printed = printedLines();
  const random = seededRandom(SEED);
  let at = 0;
  while (at < records) {
    const many = Math.min(batch, records - at);
    const made: LogRecord[] = [];
    for (let index = at; index < at + many; index++) {
      const { origin, message, level } = printed[index % printed.length] as PrintedLine;
      const timestampMillis = fromMillis + Math.floor((index * (toMillis - fromMillis)) / records);
      const round = Math.floor(index / printed.length);
      made.push({
        id: `3${String(timestampMillis).padEnd(20, '7')}${String(index).padStart(35, '0')}`,
        timestampMillis,
        ingestedMillis: timestampMillis + 700,
        message: round === 0 ? message : message.replaceAll(LONG_HEX, ({ length }) => hex(length)),
        ...(level !== undefined && { level }),
        origin,
      });
    }
    at += many;
    yield made;
  }

  function hex(length: number): string {
    let text = '';
    while (text.length < length)
      text += Math.floor(random.next() * 2 ** 32)
        .toString(16)
        .padStart(8, '0');
    return text.slice(0, length);
  }
}

function printedLines(): readonly PrintedLine[] {
  const world = createAwsWorld();
  const fleet = new DemoFleet({ world, clock: systemClock, seed: SEED, startMillis: Date.now() });
  fleet.backfill();
  const origins = new Map<string, Origin>();
  return fleet.logGroups
    .flatMap((group) =>
      world.events(fleet.region, group).map(({ stream, timestampMillis, message }): PrintedLine => {
        const key = `${group}\n${stream}`;
        const origin = origins.get(key) ?? originOf(group, stream, fleet.region);
        origins.set(key, origin);
        return { origin, atMillis: timestampMillis, message, level: levelOfMessage(message) };
      }),
    )
    .toSorted((a, b) => a.atMillis - b.atMillis);
}

/** The tags that the source `aws_ecs` gives. */
function originOf(group: string, stream: string, region: string): Origin {
  const service = group.replace('/ecs/', '');
  const task = stream.split('/').at(-1) ?? stream;
  return {
    source: 'ecs_log_source',
    tags: {
      log_group: group,
      log_stream: stream,
      aws_region: region,
      aws_account_id: '123456789012',
      host: task,
      aws_ecs_cluster_name: 'demo-fleet',
      aws_ecs_service_name: service,
      service,
      task_family: service,
      task_version: '41',
      task_arn: `arn:aws:ecs:${region}:123456789012:task/demo-fleet/${task}`,
      task_id: task,
      container_name: stream.split('/').at(-2) ?? 'app',
      image: `123456789012.dkr.ecr.${region}.amazonaws.com/shop/${service}:41`,
      launch_type: 'FARGATE',
      availability_zone: `${region}a`,
    },
  };
}
