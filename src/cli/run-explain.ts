import { buildComponents } from '../app/build-components.ts';
import { explain, type GroupQuery } from '../app/explain/explain-service.ts';
import type { LoadedConfig } from '../config/loaded-config.ts';
import type { Explanation } from '../pipeline/explain/explanation.ts';
import type { CliContext } from './cli-context.ts';
import { COMMAND_LOG, commandDeps, loadCommandConfig } from './command-deps.ts';
import { momentRange } from './moment-range.ts';
import { explanationText } from './output/explanation-text.ts';
import { callServer, readServer } from './server-client.ts';
import { withState } from './with-state.ts';

/** `logferry explain`: by the server of the configuration where one runs (it can look into log stores), else here. */
export async function runExplain(
  cli: CliContext,
  group: string,
  time: string,
  text: string | undefined,
): Promise<void> {
  const config = await loadCommandConfig(cli);
  const range = momentRange(time, cli.clock.now(), cli.options.utc);
  const query: GroupQuery = { group, ...range, ...(text !== undefined && { text }) };
  const explanation = (await isServed(config))
    ? await askServer(cli, config, query)
    : await explainHere(cli, config, query);
  if (cli.options.json) cli.stdout.write(`${JSON.stringify(explanation)}\n`);
  else cli.stdout.write(explanationText(cli, explanation));
}

async function isServed(config: LoadedConfig): Promise<boolean> {
  const answer = await callServer(config, 'GET', '/healthz').catch(() => undefined);
  return (answer as { readonly status?: unknown } | undefined)?.status === 'ok';
}

async function askServer(
  cli: CliContext,
  config: LoadedConfig,
  { group, fromMillis, toMillis, text }: GroupQuery,
): Promise<Explanation> {
  const parameters = new URLSearchParams({ group, from: String(fromMillis), to: String(toMillis) });
  if (text !== undefined) parameters.set('text', text);
  const path = `/api/v1/explain?${parameters.toString()}`;
  const chunks: Buffer[] = [];
  for await (const chunk of await readServer(config, path, cli.signal)) chunks.push(chunk);
  return JSON.parse(Buffer.concat(chunks).toString('utf8')) as Explanation;
}

async function explainHere(cli: CliContext, config: LoadedConfig, query: GroupQuery): Promise<Explanation> {
  const components = buildComponents(config, commandDeps(cli, COMMAND_LOG));
  try {
    return await withState(cli, config, (store) =>
      explain(
        query,
        {
          topology: components,
          accountIds: Object.keys(config.accounts),
          store,
          nowMillis: cli.clock.now(),
        },
        cli.signal,
      ),
    );
  } finally {
    await components.close();
  }
}
