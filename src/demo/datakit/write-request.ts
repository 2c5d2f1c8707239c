import { applyDataKitRules, MAX_POINT_BYTES, type PointRules } from './apply-datakit-rules.ts';
import { jsonDrafts } from './json-points.ts';
import { LinePointError, type PointSpans } from './line-protocol/point-spans.ts';
import { scanPoints } from './line-protocol/scan-points.ts';
import { timestampNanos } from './line-protocol/timestamp-precision.ts';
import { draftOf, type PointDraft, type ReceivedPoint, type ReceivedValue } from './received-point.ts';
import type { ReceivedPoints } from './received-points.ts';
import { emptyOk, errorReply, type StandInReply } from './stand-in-reply.ts';

export interface WriteRequest {
  readonly body: Buffer;
  readonly contentType: string;
  readonly query: URLSearchParams;
  readonly rules: PointRules;
}

export interface WriteResult {
  readonly reply: StandInReply;
  /** Points accepted and then dropped in silence, for their size. */
  readonly droppedOversize: number;
}

const EVENT_ID = Buffer.from('event_id');

/** Takes a body whole or not at all. */
export function writePoints(request: WriteRequest, received: ReceivedPoints): WriteResult {
  const { body, contentType, query } = request;
  if (body.length === 0) return refuse(errorReply(400, 'datakit.emptyBody', 'empty body'));
  if (/protobuf/i.test(contentType)) {
    return refuse(errorReply(400, 'datakit.invalidProtobufPoint', 'the stand-in takes no protobuf'));
  }
  const isJson = /json/i.test(contentType);
  const isDry = query.has('dry');
  try {
    const mayCount = !isJson && !isDry && !query.has('strict') && !query.has('echo');
    if (mayCount && received.keep !== 'points') return countPoints(body, received);
    return takePoints(request, isJson ? jsonDrafts(body) : lineDrafts(request), isDry ? undefined : received);
  } catch (thrown) {
    if (!(thrown instanceof LinePointError)) throw thrown;
    const code = isJson ? 'datakit.invalidJsonPoint' : 'datakit.invalidLinePoint';
    // As DataKit does, the message repeats the whole body.
    return refuse(errorReply(400, code, `${thrown.message}, body: ${body.toString('utf8')}`));
  }
}

const refuse = (reply: StandInReply): WriteResult => ({ reply, droppedOversize: 0 });

const noPoints = () => refuse(errorReply(400, 'datakit.noPoints', 'no points'));

/** Reads every point strictly, and makes no objects of them. */
function countPoints(body: Buffer, received: ReceivedPoints): WriteResult {
  const withIds = received.keep === 'event_ids';
  const ids: string[] = [];
  let droppedOversize = 0;
  const count = scanPoints(body, (spans) => {
    if (isOversize(spans)) droppedOversize++;
    else if (withIds) {
      const id = eventIdOf(body, spans);
      if (id !== undefined) ids.push(id);
    }
  });
  if (count === 0) return noPoints();
  received.addCount(count - droppedOversize);
  for (const id of ids) received.addEventId(id);
  return { reply: emptyOk, droppedOversize };
}

interface Draft {
  readonly draft: PointDraft;
  readonly oversize: boolean;
}

function lineDrafts({ body, query }: WriteRequest): Draft[] {
  const precision = query.get('precision');
  const drafts: Draft[] = [];
  scanPoints(body, (spans) => {
    const nanos =
      spans.timeStart < 0
        ? undefined
        : timestampNanos(body.toString('latin1', spans.timeStart, spans.timeEnd), precision);
    drafts.push({ draft: draftOf(body, spans, nanos), oversize: isOversize(spans) });
  });
  return drafts;
}

function takePoints(
  { query, rules }: WriteRequest,
  drafts: readonly Draft[],
  received: ReceivedPoints | undefined,
): WriteResult {
  if (drafts.length === 0) return noPoints();
  const points = drafts.map(({ draft }) => applyDataKitRules(draft, rules));
  const warning = drafts.find(({ draft }) => draft.warnings.length > 0)?.draft.warnings[0];
  if (query.has('strict') && warning !== undefined) {
    return refuse(errorReply(400, 'datakit.pointGotWarning', warning));
  }
  let droppedOversize = 0;
  for (const [index, point] of points.entries()) {
    if (drafts[index]?.oversize) droppedOversize++;
    else if (received !== undefined) keep(point, received);
  }
  const echo = query.get('echo');
  return { reply: echo === null ? emptyOk : echoReply(points, echo), droppedOversize };
}

function keep(point: ReceivedPoint, received: ReceivedPoints): void {
  received.addCount(1);
  const id = point.fields['event_id'];
  if (received.keep !== 'counts' && typeof id === 'string') received.addEventId(id);
  if (received.keep === 'points') received.addPoint(point);
}

function isOversize(spans: PointSpans): boolean {
  return spans.lineEnd - spans.lineStart > MAX_POINT_BYTES;
}

function eventIdOf(body: Buffer, spans: PointSpans): string | undefined {
  for (let index = 0; index < spans.fields.length; index += 4) {
    const start = spans.fields[index] ?? 0;
    const end = spans.fields[index + 1] ?? 0;
    if (end - start !== EVENT_ID.length || body.compare(EVENT_ID, 0, EVENT_ID.length, start, end) !== 0)
      continue;
    return body.toString('utf8', spans.fields[index + 2], spans.fields[index + 3]);
  }
  return undefined;
}

/** The points as they would be stored, in a form that is easy to read back. */
function echoReply(points: readonly ReceivedPoint[], form: string): StandInReply {
  if (form === 'lp') {
    return { status: 200, contentType: 'text/plain', body: points.map(lineOf).join('\n') };
  }
  return { status: 200, contentType: 'application/json', body: `[${points.map(jsonOf).join(',')}]` };
}

/** Its time has more digits than a double holds. */
function jsonOf({ timestampNanos: nanos, ...point }: ReceivedPoint): string {
  const text = JSON.stringify(point, (_key, value: unknown) =>
    typeof value === 'bigint' ? Number(value) : value,
  );
  return `${text.slice(0, -1)},"time":${nanos}}`;
}

function lineOf(point: ReceivedPoint): string {
  const escape = (text: string) => text.replaceAll(/[,= ]/g, String.raw`\$&`);
  const tags = Object.entries(point.tags).map(([key, value]) => `,${escape(key)}=${escape(value)}`);
  const fields = Object.entries(point.fields).map(([key, value]) => `${escape(key)}=${fieldText(value)}`);
  const measurement = point.measurement.replaceAll(/[, ]/g, String.raw`\$&`);
  return `${measurement}${tags.join('')} ${fields.join(',')} ${point.timestampNanos}`;
}

function fieldText(value: ReceivedValue): string {
  if (typeof value === 'string') return `"${value.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
  if (typeof value === 'bigint' || Number.isInteger(value)) return `${value}i`;
  return String(value);
}
