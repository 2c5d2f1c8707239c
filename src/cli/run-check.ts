import { buildComponents } from '../app/build-components.ts';
import type { CheckItem, CheckReport } from '../contracts/check-report.ts';
import { ERROR_CODES } from '../foundation/error-codes.ts';
import { LogferryError } from '../foundation/logferry-error.ts';
import { type LockOwner, readLockOwner } from '../state/data-dir-lock.ts';
import type { CliContext } from './cli-context.ts';
import { COMMAND_LOG, commandDeps, loadCommandConfig } from './command-deps.ts';
import { renderCheckItem } from './output/check-item-text.ts';
import { painter } from './output/paint.ts';

/** The most severe first: who may not even ask is told before who is out of reach. */
const SEVERITY = [4, 2, 5, 3, 1];
const CHECK_MILLIS = 30_000;

interface Checked {
  readonly kind: 'source' | 'destination';
  readonly id: string;
  readonly report: CheckReport;
}

/** `logferry check`: ✓, ! or ✗ for each item, with the fix; the exit code is that of the most severe failure. */
export async function runCheck(cli: CliContext, ids: readonly string[]): Promise<void> {
  const config = await loadCommandConfig(cli);
  const components = buildComponents(config, commandDeps(cli, COMMAND_LOG));
  const paint = painter(cli);
  const results: Checked[] = [];
  try {
    const all = [
      ...components.sources.map(({ id, source }) => ({ kind: 'source' as const, id, part: source })),
      ...components.destinations.map(({ id, sink }) => ({ kind: 'destination' as const, id, part: sink })),
    ];
    for (const id of ids) if (!all.some((one) => one.id === id)) throw unknown(id, all);
    if (!cli.options.json) cli.stdout.write(`${paint('green', '✓')} configuration ${config.path}\n`);
    for (const { kind, id, part } of all) {
      if (ids.length > 0 && !ids.includes(id)) continue;
      // The engine of a log store lets one process in: the server's.
      const isStore = config.destinations.some((one) => one.id === id && one.definition.type === 'store');
      const owner = isStore ? await readLockOwner(config.dataDir) : undefined;
      const report = owner === undefined ? await checkOne(kind, part, cli.signal) : [storeInUse(owner)];
      results.push({ kind, id, report });
      if (cli.options.json) continue;
      cli.stdout.write(`\n${paint('bold', `${kind} ${id}`)}\n`);
      for (const item of report) cli.stdout.write(renderCheckItem(item, paint));
    }
  } finally {
    await Promise.allSettled(components.destinations.map(({ sink }) => sink.close()));
    await components.close();
  }
  if (cli.options.json) cli.stdout.write(`${JSON.stringify({ checks: results })}\n`);
  finish(results, cli.options.json);
}

async function checkOne(
  kind: Checked['kind'],
  part: { check(signal: AbortSignal): Promise<CheckReport> },
  signal: AbortSignal,
): Promise<CheckReport> {
  const timeout = AbortSignal.timeout(CHECK_MILLIS);
  try {
    return await part.check(AbortSignal.any([signal, timeout]));
  } catch (thrown) {
    if (!timeout.aborted) throw thrown;
    return [
      {
        status: 'failed',
        title: 'Check',
        code: kind === 'source' ? 'AWS_UNREACHABLE' : 'DESTINATION_UNREACHABLE',
        detail: `no answer within ${CHECK_MILLIS / 1000} s`,
        fix: 'Look at the network between this machine and the address.',
      },
    ];
  }
}

function storeInUse({ command, pid }: LockOwner): CheckItem {
  return { status: 'ok', title: 'Log store', detail: `not tried: open in ${command} (process ${pid})` };
}

function finish(results: readonly Checked[], isJson: boolean): void {
  const failed = results.flatMap(({ id, report }) =>
    report.flatMap((item) => (item.status === 'failed' ? [{ id, item }] : [])),
  );
  const rank = (code: keyof typeof ERROR_CODES) => SEVERITY.indexOf(ERROR_CODES[code].exitCode);
  const [worst] = failed.toSorted((a, b) => rank(a.item.code) - rank(b.item.code));
  if (worst === undefined) return;
  throw new LogferryError(
    worst.item.code,
    `${failed.length} ${failed.length === 1 ? 'check' : 'checks'} failed; the most severe: ${worst.id}, ${worst.item.title}.`,
    { hint: isJson ? worst.item.fix : shortFix(worst.item.fix) },
  );
}

/** A policy stands in the checklist already. */
function shortFix(fix: string): string {
  const [first = '', ...rest] = fix.split('\n');
  return rest.length === 0 ? fix : `${first} see above.`;
}

function unknown(id: string, all: readonly { readonly id: string }[]): LogferryError {
  return new LogferryError('USAGE', `There is no source or destination "${id}".`, {
    hint: `There are: ${all.map((one) => one.id).join(', ') || 'none'}.`,
  });
}
