import { BadReplyError } from './bad-reply-error.ts';

/**
 * The shapes of the replies that carry events. A reply is untrusted: an endpoint override may lead anywhere. What is
 * missing in an event stays missing (all its members are optional in the service's model); what is there has its type.
 */
const EVENT_MEMBERS = [
  ['logStreamName', 'string'],
  ['timestamp', 'number'],
  ['message', 'string'],
  ['ingestionTime', 'number'],
  ['eventId', 'string'],
] as const;

type RawEvent = { [Name in (typeof EVENT_MEMBERS)[number][0]]?: unknown };

/** Keeps the members that the service's model has, in the types that it has them, and nothing else. */
export function leanFilterLogEvents(reply: unknown): object {
  const { events, nextToken, searchedLogStreams } = members(reply);
  return withoutUndefined({
    events: checkedEvents(events),
    searchedLogStreams: optional(searchedLogStreams, 'searchedLogStreams', Array.isArray),
    nextToken: optional(nextToken, 'nextToken', isString),
  });
}

export function leanGetLogEvents(reply: unknown): object {
  const { events, nextForwardToken, nextBackwardToken } = members(reply);
  return withoutUndefined({
    events: checkedEvents(events),
    nextForwardToken: optional(nextForwardToken, 'nextForwardToken', isString),
    nextBackwardToken: optional(nextBackwardToken, 'nextBackwardToken', isString),
  });
}

function members(reply: unknown): Readonly<Record<string, unknown>> {
  if (typeof reply !== 'object' || reply === null || Array.isArray(reply)) {
    throw new BadReplyError('The reply is no JSON object.');
  }
  return reply as Readonly<Record<string, unknown>>;
}

/** Returns the events as they were parsed, not copies: a page has 10,000 of them. */
function checkedEvents(events: unknown): readonly unknown[] {
  if (!Array.isArray(events)) throw new BadReplyError('The reply has no list of events.');
  for (let at = 0; at < events.length; at++) {
    const event = events[at] as RawEvent | null;
    if (typeof event !== 'object' || event === null) throw new BadReplyError(`Event ${at} is no object.`);
    if (!isComplete(event)) checkMembers(event, at);
  }
  return events;
}

/** Spelled out, since it is asked of every event. */
function isComplete({ logStreamName, timestamp, message, ingestionTime, eventId }: RawEvent): boolean {
  return (
    typeof logStreamName === 'string' &&
    typeof message === 'string' &&
    typeof eventId === 'string' &&
    Number.isSafeInteger(timestamp) &&
    Number.isSafeInteger(ingestionTime)
  );
}

function checkMembers(event: RawEvent, at: number): void {
  for (const [name, type] of EVENT_MEMBERS) {
    const value = event[name];
    if (value === undefined) continue;
    if (value === null) delete event[name];
    else if (typeof value !== type || (type === 'number' && !Number.isSafeInteger(value))) {
      throw new BadReplyError(`Event ${at} has a ${name} that is no ${type}.`);
    }
  }
}

function optional<Kind>(
  value: unknown,
  name: string,
  is: (value: unknown) => value is Kind,
): Kind | undefined {
  if (value === undefined || value === null) return undefined;
  if (!is(value)) throw new BadReplyError(`The reply has a ${name} of the wrong type.`);
  return value;
}

function isString(value: unknown): value is string {
  return typeof value === 'string';
}

function withoutUndefined(object: Record<string, unknown>): object {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}
