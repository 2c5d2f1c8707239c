import type {
  DeadLetterList,
  DeadLetterQuery,
  ListedDeadLetter,
  ListedEvent,
} from '../../api/dead-letter-backend.ts';
import { listDeadLetters } from '../../app/kept-dead-letters.ts';
import type { LoadedConfig } from '../../config/loaded-config.ts';
import { formatByteSize } from '../../foundation/byte-size.ts';
import { LogferryError } from '../../foundation/logferry-error.ts';
import type { CliContext } from '../cli-context.ts';
import { loadCommandConfig } from '../command-deps.ts';
import { formatTime } from '../output/format-time.ts';
import { type Paint, painter, safeText } from '../output/paint.ts';
import { renderColumns } from '../output/table.ts';
import { withState } from '../with-state.ts';
import { requireDestination } from './require-destination.ts';

export interface ListOptions {
  readonly reason?: string;
  readonly limit: string;
  readonly before?: string;
}

interface Kept {
  readonly destination: string;
  readonly deadLetters: number;
  readonly bytes: number;
  readonly reasons: Readonly<Record<string, number>>;
}

const SHOWN_CHARACTERS = 200;

/** `logferry dead-letters list`: those of a destination, newest first; without one, how many each has. */
export async function runListDeadLetters(
  cli: CliContext,
  destination: string | undefined,
  options: ListOptions,
): Promise<void> {
  const config = await loadCommandConfig(cli);
  if (destination === undefined) await tellAll(cli, config);
  else {
    requireDestination(destination, config.destinations);
    await tellOne(cli, config, destination, queryOf(options));
  }
}

async function tellAll(cli: CliContext, config: LoadedConfig): Promise<void> {
  const kept = await withState(cli, config, async (state) => {
    if (state === undefined) return [];
    const { spool } = state;
    const { consumers } = await spool.usage();
    const found: Kept[] = [];
    for (const { consumer, deadLetters, deadLetterBytes } of consumers) {
      const reasons = Object.fromEntries(await spool.deadLetterReasons(consumer));
      found.push({ destination: consumer, deadLetters, bytes: deadLetterBytes, reasons });
    }
    return found;
  });
  if (cli.options.json) {
    cli.stdout.write(`${JSON.stringify({ destinations: kept })}\n`);
    return;
  }
  if (kept.every(({ deadLetters }) => deadLetters === 0)) {
    cli.stderr.write('No dead letters are kept.\n');
    return;
  }
  const rows = kept.map(({ destination, deadLetters, bytes, reasons }) => [
    destination,
    deadLetters.toLocaleString('en'),
    formatByteSize(bytes),
    countsOf(reasons),
  ]);
  cli.stdout.write(renderColumns(['DESTINATION', 'KEPT', 'ON DISK', 'REASONS'], rows, painter(cli)));
}

async function tellOne(
  cli: CliContext,
  config: LoadedConfig,
  destination: string,
  query: DeadLetterQuery,
): Promise<void> {
  const nothing: DeadLetterList = { destination, kept: 0, reasons: {}, deadLetters: [] };
  const list =
    (await withState(
      cli,
      config,
      async (state) => state && (await listDeadLetters(state.spool, destination, query)),
    )) ?? nothing;
  if (cli.options.json) {
    cli.stdout.write(`${JSON.stringify(list)}\n`);
    return;
  }
  tellReasons(cli, list, query.reason);
  const paint = painter(cli);
  for (const letter of list.deadLetters) cli.stdout.write(render(letter, cli.options.utc, paint));
  const last = list.deadLetters.at(-1);
  if (last !== undefined && list.deadLetters.length === query.limit)
    cli.stderr.write(`Older ones: add --before ${last.id}\n`);
}

/** What is kept, whether or not any of it is shown. */
export function tellReasons(
  cli: CliContext,
  list: Omit<DeadLetterList, 'deadLetters'>,
  reason?: string,
): void {
  const { destination, kept, reasons } = list;
  if (kept === 0) {
    cli.stderr.write(`No dead letters are kept for ${destination}.\n`);
    return;
  }
  const noun = kept === 1 ? 'dead letter' : 'dead letters';
  const none = reason !== undefined && reasons[reason] === undefined ? `; none for "${reason}"` : '';
  cli.stderr.write(`${destination} has ${kept.toLocaleString('en')} ${noun}: ${countsOf(reasons)}${none}\n`);
}

/** `too_old 1,200 · bad_point 34` */
const countsOf = (reasons: Readonly<Record<string, number>>): string =>
  Object.entries(reasons)
    .map(([reason, letters]) => `${reason} ${letters.toLocaleString('en')}`)
    .join(' · ');

/** The head of a letter, what the destination said, and the beginning of the message. */
function render(letter: ListedDeadLetter, utc: boolean, paint: Paint): string {
  const { id, reason, detail, createdAtMillis, records, event } = letter;
  const refused = `refused ${formatTime(createdAtMillis, utc).slice(0, 19)}`;
  const times =
    event === undefined ? refused : `${refused} · event of ${formatTime(event.timestampMillis, utc)}`;
  const head = [paint('bold', `#${id}`), paint('red', reason), paint('dim', times)];
  if (event !== undefined) head.push(safeText(fromOf(event)));
  const cannot = `(${records.toLocaleString('en')} ${records === 1 ? 'record' : 'records'} that cannot be read)`;
  const shown = event === undefined ? paint('dim', cannot) : beginningOf(event);
  return `${head.join('  ')}\n    ${paint('yellow', oneLine(detail))}\n    ${shown}\n`;
}

const fromOf = ({ source, tags }: ListedEvent): string =>
  tags['service'] ?? tags['container_name'] ?? tags['log_group'] ?? source;

function beginningOf({ message, messageLength }: ListedEvent): string {
  const [first = ''] = safeText(message).trim().split('\n');
  const isWhole = first.length <= SHOWN_CHARACTERS && first.length >= messageLength - 1;
  return `${first.slice(0, SHOWN_CHARACTERS)}${isWhole ? '' : ' …'}`;
}

const oneLine = (text: string): string => safeText(text).replaceAll(/\s*\n\s*/g, ' ');

function queryOf({ reason, limit, before }: ListOptions): DeadLetterQuery {
  const wanted = Number(limit);
  if (!Number.isInteger(wanted) || wanted < 1 || wanted > 1000)
    throw new LogferryError('USAGE', '--limit is a whole number from 1 to 1000.');
  const beforeId = before === undefined ? undefined : Number(before.replace(/^#/, ''));
  if (beforeId !== undefined && !Number.isSafeInteger(beforeId))
    throw new LogferryError('USAGE', '--before is the id of a dead letter, such as 120.');
  return {
    limit: wanted,
    ...(reason !== undefined && { reason }),
    ...(beforeId !== undefined && { beforeId }),
  };
}
