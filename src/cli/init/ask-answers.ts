import { cancel, confirm, isCancel, log, select, spinner, text } from '@clack/prompts';
import type { CheckReport } from '../../contracts/check-report.ts';
import { LogferryError } from '../../foundation/logferry-error.ts';
import type { CliContext } from '../cli-context.ts';
import { renderCheckItem } from '../output/check-item-text.ts';
import { painter } from '../output/paint.ts';
import { regionArgument } from '../region-argument.ts';
import { addressArgument, answersOf, type InitAnswers, type InitOptions } from './init-answers.ts';
import { type TriedAws, tryAws, tryDatakit } from './try-answers.ts';

const DEFAULT_DATAKIT = 'http://127.0.0.1:9529';

/** Asks, and tries at once what was answered; what does not work can be answered again, or kept all the same. */
export async function askAnswers(cli: CliContext, options: InitOptions): Promise<InitAnswers> {
  const found = answersOf(cli, options);
  const { region, profile, clusters } = await askAccount(cli, found, options.check);
  const there = clusters.length === 0 ? '' : `; there are: ${clusters.join(', ')}`;
  const cluster = await answer(
    text({ message: `ECS cluster (empty: all${there})`, initialValue: found.cluster ?? '' }),
  );
  const datakit = await askDatakit(cli, found.datakit ?? DEFAULT_DATAKIT, options.check);
  const store = await answer(confirm({ message: 'Keep logs on this machine too, to search them here?' }));
  return { region, profile, cluster: cluster || undefined, datakit, store: store || datakit === undefined };
}

async function askAccount(cli: CliContext, found: InitAnswers, isTried: boolean) {
  let answers = { region: found.region, profile: found.profile };
  for (;;) {
    const region = await answer(
      text({
        message: 'AWS Region',
        placeholder: 'cn-north-1',
        initialValue: answers.region ?? '',
        validate: (given) => problemOf(given, regionArgument),
      }),
    );
    const profile = await answer(
      text({
        message: 'AWS profile (empty: task role, environment or default)',
        initialValue: answers.profile ?? '',
      }),
    );
    answers = { region: region || undefined, profile: profile || undefined };
    if (!isTried) return { ...answers, clusters: [] };
    const tried = await trying('AWS', () => tryAws(cli, { ...answers, cluster: undefined }));
    if (await isKept(cli, tried.report)) return { ...answers, clusters: tried.clusters };
  }
}

async function askDatakit(cli: CliContext, initial: string, isTried: boolean): Promise<string | undefined> {
  for (let initialValue = initial; ; ) {
    const url = await answer(
      text({
        message: 'Address of the DataKit (empty: none)',
        initialValue,
        validate: (given) => problemOf(given, addressArgument),
      }),
    );
    if (!url) return undefined;
    if (!isTried) return url;
    const tried = await trying('the DataKit', async (): Promise<TriedAws> => {
      return { report: await tryDatakit(cli, url), clusters: [] };
    });
    if (await isKept(cli, tried.report)) return url;
    initialValue = url;
  }
}

async function trying(what: string, work: () => Promise<TriedAws>): Promise<TriedAws> {
  const busy = spinner();
  busy.start(`Trying ${what}`);
  try {
    return await work();
  } finally {
    busy.clear();
  }
}

/** Shows what came of it; answers whether to go on with it. */
async function isKept(cli: CliContext, report: CheckReport): Promise<boolean> {
  const paint = painter(cli);
  log.message(
    report
      .map((item) => renderCheckItem(item, paint))
      .join('')
      .trimEnd(),
  );
  if (report.every(({ status }) => status !== 'failed')) return true;
  const choice = await answer(
    select({
      message: 'This does not work yet.',
      options: [
        { value: 'again', label: 'Answer again' },
        { value: 'keep', label: 'Keep it and go on', hint: '`logferry check` tries it again later' },
      ],
    }),
  );
  return choice === 'keep';
}

function problemOf(given: string | undefined, read: (text: string) => string): string | undefined {
  if (given === undefined || given === '') return undefined;
  try {
    read(given);
    return undefined;
  } catch (thrown) {
    if (!(thrown instanceof LogferryError)) throw thrown;
    return `${thrown.message} ${thrown.hint ?? ''}`.trim();
  }
}

async function answer<Given>(prompt: Promise<Given>): Promise<Exclude<Given, symbol>> {
  const given = await prompt;
  if (!isCancel(given)) return given as Exclude<Given, symbol>;
  cancel('Nothing was written.');
  throw new LogferryError('INTERRUPTED', 'Cancelled.');
}
