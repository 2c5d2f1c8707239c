import type { ComponentDeps } from '../app/build-components.ts';
import { createLogger, type LogSettings } from '../app/create-logger.ts';
import { loadProductConfig } from '../app/load-product-config.ts';
import { createPrometheusMetrics, type PrometheusMetrics } from '../app/prometheus-metrics.ts';
import type { LoadedConfig } from '../config/loaded-config.ts';
import type { CliContext } from './cli-context.ts';

/** Loads the configuration of a command, and says its warnings. */
export async function loadCommandConfig(cli: CliContext): Promise<LoadedConfig> {
  const config = await loadProductConfig(cli.options.config, { ...cli.env });
  if (!cli.options.quiet) {
    for (const { file, line, column, message } of config.warnings)
      cli.stderr.write(`warning ${file}:${line}:${column} ${message}\n`);
  }
  return config;
}

/** What components take from their surroundings when a command runs them. `log` as the configuration says. */
export function commandDeps(
  cli: CliContext,
  log: LogSettings,
): ComponentDeps & { readonly metrics: PrometheusMetrics } {
  return {
    clock: cli.clock,
    random: cli.random,
    logger: createLogger(logSettings(cli, log), cli.stderr, cli.options.color && cli.stderr.isTTY === true),
    metrics: createPrometheusMetrics(),
    env: cli.env,
  };
}

function logSettings(cli: CliContext, log: LogSettings): LogSettings {
  if (cli.options.quiet) return { ...log, level: 'error' };
  return cli.options.verbose ? { ...log, level: 'debug' } : log;
}

/** For commands that people wait for: their own log is for what goes wrong. */
export const COMMAND_LOG: LogSettings = { level: 'warn', format: 'auto' };
