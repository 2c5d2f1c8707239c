import { BadReplyError } from './bad-reply-error.ts';

/** The lists that other replies carry, and what they are lists of. A page's token is always `nextToken`. */
const LISTS: Readonly<Record<string, 'object' | 'string'>> = {
  logGroups: 'object',
  logStreams: 'object',
  clusterArns: 'string',
  clusters: 'object',
  serviceArns: 'string',
  services: 'object',
  taskArns: 'string',
  tasks: 'object',
  failures: 'object',
};

/**
 * Throws BadReplyError when a member that callers walk through or send back is not of its type. The SDK's own
 * deserializer passes such members on, and the caller would meet them as a TypeError far from here.
 */
export function checkListReply(reply: object): void {
  for (const [name, value] of Object.entries(reply)) {
    if (value === undefined) continue;
    if (name === 'nextToken' && typeof value !== 'string') {
      throw new BadReplyError('The reply has a nextToken that is no string.');
    }
    const of = LISTS[name];
    if (of === undefined) continue;
    if (!Array.isArray(value) || !value.every((item) => typeof item === of && item !== null)) {
      throw new BadReplyError(`The reply has ${name} that are no list of ${of}s.`);
    }
  }
}
