import type { CliContext } from '../cli-context.ts';
import { loadCommandConfig } from '../command-deps.ts';
import { statusText } from '../output/status-text.ts';
import { readStatus } from './status-report.ts';

const WATCH_MILLIS = 2000;
const CLEAR = '\u001b[H\u001b[2J';

/** `logferry status`: of the server on the data folder, or of what the folder holds; with --watch again and again. */
export async function showStatus(cli: CliContext, options: { readonly watch?: boolean }): Promise<void> {
  const config = await loadCommandConfig(cli);
  const isTerminal = cli.stdout.isTTY === true && cli.env['TERM'] !== 'dumb';
  for (;;) {
    const report = await readStatus(cli, config);
    const text = cli.options.json ? `${JSON.stringify(report)}\n` : statusText(report, cli, cli.clock.now());
    cli.stdout.write(options.watch === true && isTerminal && !cli.options.json ? `${CLEAR}${text}` : text);
    if (options.watch !== true) return;
    await cli.clock.sleep(WATCH_MILLIS, cli.signal).catch(() => {});
    // Who ends it has seen enough: that is no failure.
    if (cli.signal.aborted) return;
    if (!isTerminal && !cli.options.json) cli.stdout.write('\n');
  }
}
