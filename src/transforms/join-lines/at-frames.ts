/** Lines `    at …`, which Java and Node both write; told apart by how they name a place. */
const FRAME = /^\s+at \S/;
const NODE_FRAME =
  /^\s+at (?:async |new )|:\d+:\d+\)?(?: \{)?$|\((?:native|<anonymous>|index \d+|eval at .*)\)(?: \{)?$|^\s+at <anonymous>|[( ](?:node:|file:\/\/)/;

export function isFrame(line: string): boolean {
  return FRAME.test(line);
}

export function isNodeFrame(line: string): boolean {
  return FRAME.test(line) && NODE_FRAME.test(line);
}

/** `Failed to pay: PaymentError: declined`: a name ending in Error or Exception that ends a line or has a message. */
const MENTION = /(?:Error|Exception|Throwable)(?: \[\w+\])?(?::|\s*$)/;

export function mentionsError(line: string): boolean {
  return MENTION.test(line);
}
