import { z } from 'zod';
import { batchOptions } from '../../sink-kit/batch-options.ts';
import { baseUrlOption, pointOptions } from '../../sink-kit/line-protocol/point-options.ts';

export const datakitOptions = z.strictObject({
  url: baseUrlOption
    .describe('Address of the DataKit, without a path: http://host:9529.')
    .meta({ example: 'http://127.0.0.1:9529' }),
  ...pointOptions,
  global_host_tags: z
    .boolean()
    .default(false)
    .describe(
      "Lets the DataKit add its own host tags, such as `ip`, where a record has none. They are those of the DataKit's machine.",
    )
    .meta({ advanced: true }),
  ...batchOptions,
});

export type DatakitOptions = z.output<typeof datakitOptions>;
