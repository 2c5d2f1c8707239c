import type { Origin } from '../../record/log-record.ts';
import { cutUtf8 } from './cut-utf8.ts';
import { escapeIdentifier, measurementText, plainKey, plainTagValue } from './escape.ts';
import { MAX_KEY_BYTES, MAX_PREFIX_BYTES, MAX_TAGS } from './limits.ts';

/** Fields that every point has; a tag of that name would win over the field and hide it. */
export const OWN_FIELDS: ReadonlySet<string> = new Set([
  'message',
  'status',
  'event_id',
  'message_truncated',
  'message_bytes',
]);
/** Keys that DataKit drops: the measurement is the source. */
export const DROPPED_KEYS: ReadonlySet<string> = new Set(['source', 'date']);

/** What all points of an origin begin with: `measurement,tag=value,…`. */
export interface PointPrefix {
  readonly text: string;
  readonly bytes: number;
  /** Plain tag keys and values, as written. */
  readonly tags: ReadonlyMap<string, string>;
  /** Tags that did not fit. */
  readonly droppedTags: number;
}

/**
 * `extraTags` win over the origin's, as what a person configured. `host` is always there: without it DataKit would add
 * its own name, and the lines of all tasks would seem to come from the collector.
 */
export function pointPrefix(origin: Origin, extraTags: Readonly<Record<string, string>>): PointPrefix {
  const tags = new Map<string, string>();
  const wanted = { ...origin.tags, ...extraTags };
  const host = plainTagValue(wanted['host'] ?? '') || plainTagValue(fallbackHost(origin)) || 'unknown';
  tags.set('host', host);
  let text = `${measurementText(origin.source)},host=${escapeIdentifier(host)}`;
  let bytes = Buffer.byteLength(text);
  let droppedTags = 0;
  for (const [rawKey, rawValue] of Object.entries(wanted)) {
    const value = plainTagValue(rawValue);
    const key = freeTagKey(plainKey(rawKey), tags, rawKey === 'host');
    if (value === '' || key === undefined) continue;
    const written = `,${escapeIdentifier(key)}=${escapeIdentifier(value)}`;
    const writtenBytes = Buffer.byteLength(written);
    if (tags.size >= MAX_TAGS || bytes + writtenBytes > MAX_PREFIX_BYTES) {
      droppedTags++;
      continue;
    }
    tags.set(key, value);
    text += written;
    bytes += writtenBytes;
  }
  return { text, bytes, tags, droppedTags };
}

/** Undefined for a key that is not to be written: an empty one, or the host, which is there already. */
function freeTagKey(key: string, taken: ReadonlyMap<string, string>, isHost: boolean): string | undefined {
  if (key === '' || isHost) return undefined;
  const reserved = OWN_FIELDS.has(key) || DROPPED_KEYS.has(key);
  return freeKey(reserved ? plainKey(`${key}_tag`) : key, (candidate) => taken.has(candidate));
}

/** The key, or the first of `key_2`, `key_3` … that is not taken. */
export function freeKey(key: string, isTaken: (candidate: string) => boolean): string {
  if (!isTaken(key)) return key;
  const stem = cutUtf8(key, MAX_KEY_BYTES - 16);
  for (let number = 2; ; number++) {
    const candidate = `${stem}_${number}`;
    if (!isTaken(candidate)) return candidate;
  }
}

/** The nearest thing to a machine that the origin names: the task, then the stream, the group, the data source. */
function fallbackHost(origin: Origin): string {
  const { task_arn: taskArn, container_id: containerId, log_stream: stream, log_group: group } = origin.tags;
  return taskArn?.split('/').at(-1) || containerId || stream || group || origin.source;
}
