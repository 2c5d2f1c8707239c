import { z } from 'zod';
import { batchOptions } from '../../sink-kit/batch-options.ts';
import { baseUrlOption, pointOptions } from '../../sink-kit/line-protocol/point-options.ts';

export const datawayOptions = z.strictObject({
  url: baseUrlOption
    .describe('Address of the Dataway of your site, without path and token: https://openway.guance.com.')
    .meta({ example: 'https://openway.guance.com' }),
  token: z
    .string()
    .regex(/^[\w-]{8,128}$/, 'This is no token: it looks like tkn_ and 32 letters and digits.')
    .describe('Token of the workspace, as its management page shows it.')
    .meta({ secret: true, example: '${env:DATAWAY_TOKEN}' }),
  ...pointOptions,
  ...batchOptions,
});

export type DatawayOptions = z.output<typeof datawayOptions>;
