import { existsSync, writeFileSync } from 'node:fs';
import { intro, outro } from '@clack/prompts';
import type { CheckReport } from '../../contracts/check-report.ts';
import { LogferryError } from '../../foundation/logferry-error.ts';
import type { CliContext } from '../cli-context.ts';
import { renderCheckItem } from '../output/check-item-text.ts';
import { painter } from '../output/paint.ts';
import { askAnswers } from './ask-answers.ts';
import { answersOf, type InitAnswers, type InitOptions } from './init-answers.ts';
import { renderConfig } from './render-config.ts';
import { tryAws, tryDatakit } from './try-answers.ts';

/** `logferry init`: writes a configuration from a few answers, each of them tried. What fails is said, and kept. */
export async function runInit(cli: CliContext, file: string, options: InitOptions): Promise<void> {
  if (existsSync(file) && options.force !== true) {
    throw new LogferryError('USAGE', `${file} is there already.`, {
      hint: 'Name another file, or add --force to write over it.',
    });
  }
  const next = `logferry check -c ${file}   then   logferry up -c ${file}`;
  if (options.yes !== true && process.stdin.isTTY && cli.stderr.isTTY === true) {
    intro('A configuration for Logferry');
    write(file, await askAnswers(cli, options));
    outro(`${file} is written. Next: ${next}`);
    return;
  }
  const answers = answersOf(cli, options);
  write(file, answers);
  const checks = options.check ? await tryAll(cli, answers) : [];
  if (cli.options.json) {
    cli.stdout.write(`${JSON.stringify({ file, ...(options.check && { checks }) })}\n`);
    return;
  }
  const paint = painter(cli);
  if (!cli.options.quiet) for (const item of checks) cli.stderr.write(renderCheckItem(item, paint));
  const failed = checks.filter(({ status }) => status === 'failed').length;
  const but =
    failed === 0
      ? ''
      : ` Of what was tried, ${failed} ${failed === 1 ? 'thing does' : 'things do'} not work yet: see above.`;
  cli.stdout.write(`${file} is written.${but}\nNext: ${next}\n`);
}

function write(file: string, answers: InitAnswers): void {
  writeFileSync(file, renderConfig(answers), { mode: 0o600 });
}

async function tryAll(cli: CliContext, answers: InitAnswers): Promise<CheckReport> {
  const [aws, datakit] = await Promise.all([
    tryAws(cli, answers),
    answers.datakit === undefined ? [] : tryDatakit(cli, answers.datakit),
  ]);
  return [...aws.report, ...datakit];
}
