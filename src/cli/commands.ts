import type { Command } from 'commander';
import type { CliContext } from './cli-context.ts';
import { backfillCommand } from './commands/backfill.ts';
import { checkCommand } from './commands/check.ts';
import { completionCommand } from './commands/completion.ts';
import { configCommand } from './commands/config.ts';
import { coverageCommand } from './commands/coverage.ts';
import { deadLettersCommand } from './commands/dead-letters.ts';
import { demoCommand } from './commands/demo.ts';
import { discoverCommand } from './commands/discover.ts';
import { doctorCommand } from './commands/doctor.ts';
import { explainCommand } from './commands/explain.ts';
import { exportCommand } from './commands/export.ts';
import { healthcheckCommand } from './commands/healthcheck.ts';
import { initCommand } from './commands/init.ts';
import { runCommand } from './commands/run.ts';
import { runsCommand } from './commands/runs.ts';
import { searchCommand } from './commands/search.ts';
import { statusCommand } from './commands/status.ts';
import { tailCommand } from './commands/tail.ts';
import { upCommand } from './commands/up.ts';
import { validateCommand } from './commands/validate.ts';
import { versionCommand } from './commands/version.ts';

/** In the order in which help lists them: first use first. */
export const commands: readonly ((cli: CliContext) => Command)[] = [
  demoCommand,
  initCommand,
  upCommand,
  statusCommand,
  checkCommand,
  discoverCommand,
  runCommand,
  backfillCommand,
  coverageCommand,
  explainCommand,
  tailCommand,
  searchCommand,
  exportCommand,
  runsCommand,
  deadLettersCommand,
  validateCommand,
  configCommand,
  doctorCommand,
  healthcheckCommand,
  completionCommand,
  versionCommand,
];
