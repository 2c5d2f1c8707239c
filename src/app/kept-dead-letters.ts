import { setImmediate } from 'node:timers/promises';
import type {
  ChosenDeadLetters,
  DeadLetterList,
  DeadLetterQuery,
  DiscardResult,
  ListedDeadLetter,
  ListedEvent,
} from '../api/dead-letter-backend.ts';
import type { Spool, StoredDeadLetter } from '../contracts/spool.ts';
import type { LogRecord } from '../record/log-record.ts';

/** Stored, so compressed: about five times as much in memory. */
const PAGE_STORED_BYTES = 512 * 1024;
/** In one transaction: about 8 ms. */
const DISCARDED_AT_ONCE = 1000;
const DISCARDED_WITH_A_CALL = 20_000;
const MAX_MESSAGE_CHARACTERS = 1000;

/** Needs nothing but the spool: it may be one that was opened for reading only. */
export async function listDeadLetters(
  spool: Spool,
  destination: string,
  query: DeadLetterQuery,
): Promise<DeadLetterList> {
  const nothing = { destination, kept: 0, reasons: {}, deadLetters: [] };
  if ((await keptFor(spool, destination)) === undefined) return nothing;
  const reasons = Object.fromEntries(await spool.deadLetterReasons(destination));
  const deadLetters: ListedDeadLetter[] = [];
  let { beforeId } = query;
  while (deadLetters.length < query.limit) {
    const page = await spool.deadLetters(destination, {
      afterId: 0,
      limit: query.limit - deadLetters.length,
      maxBytes: PAGE_STORED_BYTES,
      newestFirst: true,
      ...(beforeId !== undefined && { beforeId }),
      ...(query.reason !== undefined && { reason: query.reason }),
    });
    const last = page.at(-1);
    if (last === undefined) break;
    deadLetters.push(...page.map(listed));
    beforeId = last.id;
  }
  const kept = Object.values(reasons).reduce((sum, letters) => sum + letters, 0);
  return { destination, kept, reasons, deadLetters };
}

/** Discards the oldest of the chosen ones: a bounded number, in steps between which everything else gets its turn. */
export async function discardDeadLetters(
  spool: Spool,
  destination: string,
  chosen: ChosenDeadLetters,
): Promise<DiscardResult> {
  if ((await keptFor(spool, destination)) === undefined) return { discarded: 0, isMore: false, left: 0 };
  let discarded = 0;
  let isMore = true;
  while (isMore && discarded < DISCARDED_WITH_A_CALL) {
    await setImmediate();
    const gone = await spool.discardOldestDeadLetters(destination, { ...chosen, limit: DISCARDED_AT_ONCE });
    discarded += gone.records;
    ({ isMore } = gone);
  }
  return { discarded, isMore, left: (await keptFor(spool, destination)) ?? 0 };
}

/** Undefined for a destination that the state does not know yet. */
async function keptFor(spool: Spool, destination: string): Promise<number | undefined> {
  const { consumers } = await spool.usage();
  return consumers.find(({ consumer }) => consumer === destination)?.deadLetters;
}

function listed(letter: StoredDeadLetter): ListedDeadLetter {
  const { id, createdAtMillis, reason, detail, records, record } = letter;
  return {
    id,
    createdAtMillis,
    reason,
    detail,
    records,
    ...(record !== undefined && { event: listedEvent(record) }),
  };
}

function listedEvent({ id, timestampMillis, origin, level, fields, message }: LogRecord): ListedEvent {
  return {
    id,
    timestampMillis,
    source: origin.source,
    tags: origin.tags,
    ...(level !== undefined && { level }),
    ...(fields !== undefined && { fields }),
    message: beginning(message),
    messageLength: message.length,
  };
}

/** Without half a surrogate pair at its end. */
function beginning(message: string): string {
  if (message.length <= MAX_MESSAGE_CHARACTERS) return message;
  return message.slice(0, MAX_MESSAGE_CHARACTERS).replace(/[\ud800-\udbff]$/, '');
}
