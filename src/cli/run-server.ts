import { once } from 'node:events';
import { Server } from '../app/server.ts';
import type { CliContext } from './cli-context.ts';
import { commandDeps, loadCommandConfig } from './command-deps.ts';

/** `logferry up`: serves until the first Ctrl-C, then lets what is under way end. SIGHUP reloads. */
export async function runServer(cli: CliContext): Promise<void> {
  let isAskedEarly = false;
  let reload = () => {
    isAskedEarly = true;
  };
  // From the first moment to the last: where nobody listens, it ends the process.
  process.on('SIGHUP', () => reload());
  const config = await loadCommandConfig(cli);
  const deps = commandDeps(cli, config.log);
  const server = await Server.start(config, deps);
  reload = () => void server.reload();
  const { sources, destinations } = config;
  deps.logger.info(
    { url: server.url, sources: sources.length, destinations: destinations.length, data_dir: config.dataDir },
    'Logferry is up.',
  );
  if (isAskedEarly) reload();
  if (!cli.signal.aborted) await once(cli.signal, 'abort');
  deps.logger.info({}, 'Stopping: what was read is safe; deliveries under way may end.');
  await server.stop();
  deps.logger.info({}, 'Stopped.');
}
