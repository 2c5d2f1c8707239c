import { parseArgs } from 'node:util';
import { parseByteSize } from '../../src/foundation/byte-size.ts';

export interface BacklogOptions {
  readonly records: number;
  /** Event time that they are spread over, hours up to now. */
  readonly hours: number;
  readonly spoolBytes: number;
  readonly dir: string | undefined;
  readonly nodeOptions: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

export const USAGE = `npm run backlog -- [options]

  --records N      log events of the backlog (default 10000000)
  --hours N        of event time that they are spread over, up to now (default 24)
  --spool SIZE     spool.max_bytes (default 2GiB). Where it is full reading waits, and goes on when DataKit is up
  --dir FOLDER     where the data folder is made, and removed (default: the system's folder for temporary files)
  --node OPTION    an option of Node.js for Logferry; may be given several times
  --env NAME=VALUE for Logferry; may be given several times
`;

/** Throws with a text for the terminal. */
export function readOptions(args: readonly string[]): BacklogOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      records: { type: 'string', default: '10000000' },
      hours: { type: 'string', default: '24' },
      spool: { type: 'string', default: '2GiB' },
      dir: { type: 'string' },
      node: { type: 'string', multiple: true, default: [] },
      env: { type: 'string', multiple: true, default: [] },
    },
  });
  return {
    records: number('--records', values.records),
    hours: number('--hours', values.hours),
    spoolBytes: parseByteSize(values.spool) ?? Number.NaN,
    dir: values.dir,
    nodeOptions: values.node,
    env: Object.fromEntries(values.env.map((one) => [one.split('=', 1)[0], one.slice(one.indexOf('=') + 1)])),
  };
}

function number(name: string, text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new Error(`${name} is a number above 0.`);
  return value;
}
