import { LinePointError } from './line-protocol/point-spans.ts';
import type { PointDraft, ReceivedValue } from './received-point.ts';

/** `[{measurement, tags?, fields, time?}]`; time is in nanoseconds. */
export function jsonDrafts(body: Buffer): { draft: PointDraft; oversize: boolean }[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body.toString('utf8'));
  } catch (thrown) {
    throw new LinePointError(thrown instanceof Error ? thrown.message : 'invalid JSON');
  }
  if (!Array.isArray(parsed)) throw new LinePointError('not an array of points');
  return parsed.map((point: unknown) => ({ draft: draft(point), oversize: false }));
}

function draft(point: unknown): PointDraft {
  if (!isObject(point)) throw new LinePointError('a point is not an object');
  const { measurement, tags, fields, time } = point;
  if (typeof measurement !== 'string' || measurement === '') throw new LinePointError('missing measurement');
  if (!isObject(fields) || Object.keys(fields).length === 0) throw new LinePointError('missing fields');
  return {
    measurement,
    tags: new Map(Object.entries(isObject(tags) ? tags : {}).map(([key, value]) => [key, tagText(value)])),
    fields: new Map(Object.entries(fields).map(([key, value]) => [key, fieldValue(value)])),
    timestampNanos: typeof time === 'number' && Number.isInteger(time) ? BigInt(time) : undefined,
    warnings: [],
  };
}

function tagText(value: unknown): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new LinePointError('a tag is no text');
}

function fieldValue(value: unknown): ReceivedValue {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  throw new LinePointError('a field is neither text, number nor boolean');
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
