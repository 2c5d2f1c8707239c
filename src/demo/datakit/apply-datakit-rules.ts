import type { PointDraft, ReceivedPoint, ReceivedValue } from './received-point.ts';

/** Of one point, as seen on DataKit 1.84.1; what is over is cut by bytes, silently. */
const MAX_TAGS = 256;
const MAX_FIELDS = 1024;
const MAX_KEY_BYTES = 256;
const MAX_TAG_VALUE_BYTES = 1024;
const MAX_MEASUREMENT_BYTES = 1024;
/** DataKit drops a longer point after its 200. */
export const MAX_POINT_BYTES = 1024 * 1024;
/** Further from now than this, a timestamp is rewritten to now. */
const MAX_SKEW_NANOS = 2n * 3_600_000_000_000n;
const DROPPED_KEYS = new Set(['source', 'date']);

export interface PointRules {
  readonly nowMillis: number;
  readonly category: string;
  readonly correctTimestamps: boolean;
  /** Added where a point has no such tag. */
  readonly hostTags: Readonly<Record<string, string>>;
}

/** What DataKit makes of a point that it takes; warnings are added to the draft. */
export function applyDataKitRules(draft: PointDraft, rules: PointRules): ReceivedPoint {
  const tags = keptTags(draft);
  const fields = keptFields(draft, tags);
  if (rules.category === 'logging' && !fields.has('status') && !tags.has('status')) {
    warn(draft, 'no_status');
    fields.set('status', 'info');
  }
  for (const [key, value] of Object.entries(rules.hostTags)) if (!tags.has(key)) tags.set(key, value);
  const timestampNanos = correctedTime(draft, fields, rules);
  return {
    measurement: cut(draft.measurement, MAX_MEASUREMENT_BYTES, draft, 'exceed_max_measurement_len'),
    tags: Object.fromEntries(tags),
    fields: Object.fromEntries(fields),
    timestampNanos,
  };
}

function keptTags(draft: PointDraft): Map<string, string> {
  const tags = new Map<string, string>();
  for (const [rawKey, value] of draft.tags) {
    const key = keptKey(rawKey, draft);
    if (key === undefined) continue;
    if (tags.size >= MAX_TAGS) {
      warn(draft, 'exceed_max_tag_count');
      break;
    }
    tags.set(key, cut(value, MAX_TAG_VALUE_BYTES, draft, 'exceed_max_tag_value_len'));
  }
  return tags;
}

function keptFields(draft: PointDraft, tags: ReadonlyMap<string, string>): Map<string, ReceivedValue> {
  const fields = new Map<string, ReceivedValue>();
  for (const [rawKey, value] of draft.fields) {
    const key = keptKey(rawKey, draft);
    if (key === undefined) continue;
    if (tags.has(key)) {
      warn(draft, 'tag_key_same_as_field_key');
      continue;
    }
    if (fields.size >= MAX_FIELDS) {
      warn(draft, 'exceed_max_field_count');
      break;
    }
    fields.set(key, value);
  }
  return fields;
}

function correctedTime(draft: PointDraft, fields: Map<string, ReceivedValue>, rules: PointRules): bigint {
  const nowNanos = BigInt(Math.floor(rules.nowMillis)) * 1_000_000n;
  const given = draft.timestampNanos ?? nowNanos;
  const skew = given > nowNanos ? given - nowNanos : nowNanos - given;
  if (!rules.correctTimestamps || skew <= MAX_SKEW_NANOS) return given;
  fields.set('__orig_time', given);
  return nowNanos;
}

function keptKey(rawKey: string, draft: PointDraft): string | undefined {
  if (DROPPED_KEYS.has(rawKey)) {
    warn(draft, 'disabled_key');
    return undefined;
  }
  if (rawKey.includes('.')) warn(draft, 'dot_in_key');
  return cut(rawKey.replaceAll('.', '_'), MAX_KEY_BYTES, draft, 'exceed_max_key_len');
}

function cut(text: string, maxBytes: number, draft: PointDraft, warning: string): string {
  if (Buffer.byteLength(text) <= maxBytes) return text;
  warn(draft, warning);
  return Buffer.from(text).toString('utf8', 0, maxBytes);
}

function warn(draft: PointDraft, warning: string): void {
  draft.warnings.push(warning);
}
