import { buildComponents } from '../app/build-components.ts';
import type { LoadedConfig } from '../config/loaded-config.ts';
import { requireFound } from '../pipeline/require-found.ts';
import type { CliContext } from './cli-context.ts';
import { COMMAND_LOG, commandDeps } from './command-deps.ts';
import { formatTime } from './output/format-time.ts';
import { safeText } from './output/paint.ts';

const SAMPLES = 5;
const SAMPLE_LENGTH = 160;

/** Reads what a run would read, and shows it; keeps and delivers nothing, and leaves the checkpoint alone. */
export async function dryRun(
  cli: CliContext,
  config: LoadedConfig,
  sourceId: string,
  since: number | undefined,
  until: number | undefined,
): Promise<void> {
  const components = buildComponents(config, commandDeps(cli, COMMAND_LOG));
  try {
    const found = components.sources.find(({ id }) => id === sourceId);
    if (found === undefined) return;
    const { source } = found;
    const discovery = await source.discover(cli.signal);
    requireFound(discovery);
    for (const { reason } of discovery.missing) cli.stderr.write(`warning ${reason}\n`);
    const { partitions } = discovery;
    const now = cli.clock.now();
    const fromMillis = since ?? now - source.collect.startBeforeMillis;
    const slice = { fromMillis, toMillis: until ?? now, priority: 'live' as const };
    let total = 0;
    for (const partition of partitions) {
      let records = 0;
      for await (const page of partition.read(slice, cli.signal)) {
        for (const { timestampMillis, message } of page.records.slice(0, Math.max(0, SAMPLES - records)))
          cli.stderr.write(
            `  ${formatTime(timestampMillis, cli.options.utc)} ${safeText(message.slice(0, SAMPLE_LENGTH)).trimEnd()}\n`,
          );
        records += page.records.length;
      }
      total += records;
      cli.stderr.write(`${partition.title}: ${records} events\n`);
    }
    cli.stderr.write('Dry run: nothing was kept or delivered.\n');
    cli.stdout.write(
      cli.options.json ? `${JSON.stringify({ fetched: total, total })}\n` : `total ${total}\n`,
    );
  } finally {
    await components.close();
  }
}
