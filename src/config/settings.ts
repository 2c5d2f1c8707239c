import { z } from 'zod';
import { byteSizeOption, durationOption } from '../foundation/option-types.ts';

export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

/** Reads `127.0.0.1:8787`, `[::1]:8787` and `localhost:0`; undefined when it is no address. */
export function parseListen(text: string): ListenAddress | undefined {
  const match = /^(?:\[([0-9a-f:.]+)\]|([^:[\]\s]+)):(\d{1,5})$/i.exec(text.trim());
  const port = Number(match?.[3] ?? -1);
  if (match === null || port > 65_535) return undefined;
  return { host: match[1] ?? match[2] ?? '', port };
}

export function isLoopback(host: string): boolean {
  return /^(?:127(?:\.\d{1,3}){3}|localhost|::1)$/i.test(host);
}

const listen = z.string().transform((text, context) => {
  const address = parseListen(text);
  if (address !== undefined) return address;
  context.addIssue({ code: 'custom', message: 'This is no address with a port, such as 127.0.0.1:8787.' });
  return z.NEVER;
});

const MIB = 1024 ** 2;

/** Everything at the top of the configuration that is no named component. */
export const settingsOptions = z.strictObject({
  version: z.literal(1).describe('Version of the format of this file. It is 1.').meta({ example: 1 }),
  data_dir: z
    .string()
    .min(1)
    .default('./data')
    .describe('Folder of the state, the spool and the log store; relative to this file.')
    .meta({ example: './data' }),
  server: z
    .strictObject({
      listen: listen
        .prefault('127.0.0.1:8787')
        .describe(
          'Address and port of the HTTP server. Only this machine, as long as there is no access control.',
        )
        .meta({ example: '127.0.0.1:8787' }),
    })
    .prefault({})
    .describe('The HTTP server: health, metrics, API.'),
  spool: z
    .strictObject({
      max_bytes: byteSizeOption(16 * MIB, 1024 ** 5)
        .prefault('2GiB')
        .describe(
          'Bound of the spool on disk, 16MiB to 1PiB. When it is reached, reading waits: nothing is lost.',
        )
        .meta({ example: '2GiB' }),
    })
    .prefault({})
    .describe('The durable queue between reading and delivering.'),
  audit: z
    .strictObject({
      enabled: z
        .boolean()
        .default(true)
        .describe('Counts sealed minutes again, drawn by lot, while nothing more urgent is read.')
        .meta({ example: true }),
      every: durationOption(1000, 86_400_000)
        .prefault('1m')
        .describe('One minute of one log group is counted again so often, 1s to 1d. It takes a few requests.')
        .meta({ example: '1m' }),
      repair: z
        .boolean()
        .default(true)
        .describe('Reads again what is missing of such a minute; without it that is only told.')
        .meta({ example: true }),
    })
    .prefault({})
    .describe('Proof that everything was read: it is counted again by another way.'),
  log: z
    .strictObject({
      level: z
        .enum(['debug', 'info', 'warn', 'error'])
        .default('info')
        .describe("Least severity of Logferry's own log lines.")
        .meta({ example: 'info' }),
      format: z
        .enum(['auto', 'json', 'pretty'])
        .default('auto')
        .describe('`pretty` for people, `json` for machines; `auto` is pretty on a terminal.')
        .meta({ example: 'auto' }),
    })
    .prefault({})
    .describe("Logferry's own log, on standard error."),
});

export type Settings = z.output<typeof settingsOptions>;
