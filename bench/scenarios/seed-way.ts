import { collectOnce } from '../../test/seed-way/collect-once.ts';
import { BENCH_GROUP } from '../load/bench-group.ts';
import type { Done, Opened, Surroundings } from '../worker/scenario.ts';

/** The time of an event does not reach the DataKit, nor does its id; what fails is not sent again. */
export function openSeedWay({
  awsUrl,
  datakitUrl,
  fromMillis,
  toMillis,
  records: expected,
}: Surroundings): Opened {
  return {
    run: async (): Promise<Done> => {
      let records = 0;
      let requests = 0;
      await collectOnce({
        endpoint: awsUrl,
        region: 'us-east-1',
        groups: [BENCH_GROUP],
        datakitUrl,
        now: () => toMillis,
        intervalSeconds: (toMillis - fromMillis) / 1000,
        print: (text) => {
          const total = /^total (\d+)$/.exec(text)?.[1];
          if (total === undefined) return;
          records += Number(total);
          requests++;
        },
      });
      if (records !== expected) throw new Error(`The script read ${records} of ${expected}.`);
      return { records, points: records, requests };
    },
    close: async () => {},
  };
}
