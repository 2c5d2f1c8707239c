/**
 * Log groups whose events follow from a formula: which there are, when each becomes visible, and what it is called. So they
 * need no memory, and whoever receives one knows when it could first be had, and whether one is missing.
 */
export interface GroupSet {
  /** Figures are kept by it. */
  readonly label: string;
  /** Of the names; a number from 1 on follows. */
  readonly prefix: string;
  readonly count: number;
  /** Of each group; 0 = it stays empty. */
  readonly eventsPerSecond: number;
  /** Event time of the first, and the end of all. */
  readonly fromMillis: number;
  readonly toMillis: number;
  readonly messageBytes: number;
  /** As which an event is counted against the bytes of a page; left out = as the service does. */
  readonly countedBytes?: number;
  /** Of the events, the share that is up to `latestMillis` late; the others are there within `usualMillis`. */
  readonly lateShare: number;
  readonly latestMillis: number;
  readonly usualMillis: number;
}

export interface LiveGroup extends Omit<GroupSet, 'prefix' | 'count'> {
  readonly name: string;
  /** From 0 on, over all sets. */
  readonly number: number;
  readonly events: number;
}

const ID_PREFIX = '37218934589273489234123456789012345678'.padEnd(38, '0');
const GROUP_DIGITS = 6;
const INDEX_DIGITS = 12;

export function liveGroups(sets: readonly GroupSet[]): readonly LiveGroup[] {
  const groups: LiveGroup[] = [];
  for (const { prefix, count, ...rest } of sets) {
    const events = Math.floor(((rest.toMillis - rest.fromMillis) * rest.eventsPerSecond) / 1000);
    for (let index = 1; index <= count; index++)
      groups.push({ ...rest, name: `${prefix}${index}`, number: groups.length, events });
  }
  return groups;
}

export function timeOf({ fromMillis, eventsPerSecond }: LiveGroup, index: number): number {
  return fromMillis + Math.floor((index * 1000) / eventsPerSecond);
}

/** The index of the first event at or after a time; the number of events when there is none. */
export function firstAtOrAfter(group: LiveGroup, millis: number): number {
  if (group.events === 0) return 0;
  let index = Math.ceil(((millis - group.fromMillis) * group.eventsPerSecond) / 1000);
  // What a division leaves over.
  while (index > 0 && timeOf(group, index - 1) >= millis) index--;
  return Math.min(group.events, Math.max(0, index));
}

/** When an event is ingested and shown, which here is the same. */
export function visibleAt(group: LiveGroup, index: number): number {
  const first = scrambled(group.number * 0x9e3779b1 + index);
  const isLate = first / 2 ** 32 < group.lateShare;
  const part = scrambled(first + 1) / 2 ** 32;
  return timeOf(group, index) + Math.floor(part * (isLate ? group.latestMillis : group.usualMillis));
}

/** 56 digits, as the service's. */
export function idOf({ number }: LiveGroup, index: number): string {
  return ID_PREFIX + String(number).padStart(GROUP_DIGITS, '0') + String(index).padStart(INDEX_DIGITS, '0');
}

/** undefined for what is no id of these groups. */
export function partsOfId(id: string): { readonly number: number; readonly index: number } | undefined {
  if (id.length !== ID_PREFIX.length + GROUP_DIGITS + INDEX_DIGITS || !id.startsWith(ID_PREFIX))
    return undefined;
  return {
    number: Number(id.slice(ID_PREFIX.length, -INDEX_DIGITS)),
    index: Number(id.slice(-INDEX_DIGITS)),
  };
}

/** A whole number up to 2^32, as good as random: murmur3's finish. */
function scrambled(value: number): number {
  let hash = value >>> 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
