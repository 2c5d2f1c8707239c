import { z } from 'zod';
import { namePatternOption } from '../../aws/log-groups/name-pattern-option.ts';
import { collectOptions, everyOrSchedule } from '../../source-kit/collect-options.ts';

export const cloudWatchLogsOptions = z
  .strictObject({
    log_groups: z
      .array(namePatternOption)
      .min(1)
      .describe(
        'Log groups: names, names with * for any text, /regex/, or ARNs of groups of linked accounts.',
      )
      .meta({ example: ['/ecs/demo-task', '/ecs/prod-*'] }),
    exclude: z
      .array(namePatternOption)
      .default([])
      .describe('Log groups that are not read although `log_groups` matches them; by name or ARN.')
      .meta({ example: ['*-debug'] }),
    log_stream_prefix: z
      .string()
      .min(1)
      .max(512)
      .optional()
      .describe('Reads only streams whose name begins so. Not with `log_streams`.')
      .meta({ example: 'ecs/api/' }),
    log_streams: z
      .array(z.string().min(1).max(512))
      .min(1)
      .max(100)
      .optional()
      .describe('Reads only these streams, 100 at most.')
      .meta({ example: ['app-1', 'app-2'], advanced: true }),
    filter_pattern: z
      .string()
      .min(1)
      .max(1024)
      .optional()
      .describe(
        'Reads only events that match this CloudWatch Logs filter pattern. The service filters, not Logferry.',
      )
      .meta({ example: '?ERROR ?WARN', advanced: true }),
    regions: z
      .array(z.string().min(1))
      .min(1)
      .optional()
      .describe('Regions to look in. Default: all Regions of the account.')
      .meta({ example: ['cn-north-1'] }),
    ...collectOptions,
  })
  .check((payload) => {
    everyOrSchedule(payload);
    const { log_stream_prefix, log_streams } = payload.value;
    if (log_stream_prefix !== undefined && log_streams !== undefined)
      payload.issues.push({
        code: 'custom',
        path: ['log_streams'],
        message: 'Set either `log_stream_prefix` or `log_streams`, not both.',
        input: payload.value,
      });
  });

export type CloudWatchLogsOptions = z.output<typeof cloudWatchLogsOptions>;
