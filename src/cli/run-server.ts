import { once } from 'node:events';
import { Server } from '../app/server.ts';
import type { CliContext } from './cli-context.ts';
import { commandDeps, loadCommandConfig } from './command-deps.ts';

/** `logferry up`: serves until the first Ctrl-C, then lets what is under way end. */
export async function runServer(cli: CliContext): Promise<void> {
  const config = await loadCommandConfig(cli);
  const deps = commandDeps(cli, config.log);
  const server = await Server.start(config, deps);
  const onHangUp = () => void server.reload();
  process.on('SIGHUP', onHangUp);
  const { sources, destinations } = config;
  deps.logger.info(
    { url: server.url, sources: sources.length, destinations: destinations.length, data_dir: config.dataDir },
    'Logferry is up.',
  );
  if (!cli.signal.aborted) await once(cli.signal, 'abort');
  deps.logger.info({}, 'Stopping: what was read is safe; deliveries under way may end.');
  process.off('SIGHUP', onHangUp);
  await server.stop();
  deps.logger.info({}, 'Stopped.');
}
