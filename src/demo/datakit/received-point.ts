import type { PointSpans } from './line-protocol/point-spans.ts';

/** Integers that a double cannot hold are bigint. */
export type ReceivedValue = string | number | bigint | boolean;

export interface ReceivedPoint {
  readonly measurement: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly fields: Readonly<Record<string, ReceivedValue>>;
  readonly timestampNanos: bigint;
}

/** A point as it was written, before DataKit's rules are applied to it. */
export interface PointDraft {
  measurement: string;
  tags: Map<string, string>;
  fields: Map<string, ReceivedValue>;
  timestampNanos: bigint | undefined;
  /** What DataKit finds fault with although it takes the point; `strict` refuses such a point. */
  readonly warnings: string[];
}

/** Materialises a point; escapes are taken away, nothing else is changed. */
export function draftOf(body: Buffer, spans: PointSpans, timestampNanos: bigint | undefined): PointDraft {
  const tags = new Map<string, string>();
  for (let index = 0; index < spans.tags.length; index += 4) {
    const [keyStart, keyEnd, valueStart, valueEnd] = spans.tags.slice(index, index + 4);
    tags.set(
      unescapeIdentifier(body.toString('utf8', keyStart, keyEnd)),
      unescapeIdentifier(body.toString('utf8', valueStart, valueEnd)),
    );
  }
  const fields = new Map<string, ReceivedValue>();
  for (const [number, kind] of spans.fieldKinds.entries()) {
    const [keyStart, keyEnd, valueStart, valueEnd] = spans.fields.slice(number * 4, number * 4 + 4);
    const text = body.toString('utf8', valueStart, valueEnd);
    fields.set(unescapeIdentifier(body.toString('utf8', keyStart, keyEnd)), valueOf(text, kind));
  }
  const measurement = body.toString('utf8', spans.measurementStart, spans.measurementEnd);
  return {
    measurement: measurement.replaceAll(/\\([, ])/g, '$1'),
    tags,
    fields,
    timestampNanos,
    warnings: [],
  };
}

function valueOf(text: string, kind: PointSpans['fieldKinds'][number]): ReceivedValue {
  switch (kind) {
    case 'string':
      return text.replaceAll(/\\(["\\])/g, '$1');
    case 'boolean':
      return text.startsWith('t') || text.startsWith('T');
    case 'float':
      return Number(text);
    case 'integer':
    case 'unsigned': {
      const value = BigInt(text.slice(0, -1));
      return Number.isSafeInteger(Number(value)) ? Number(value) : value;
    }
  }
}

const unescapeIdentifier = (text: string) =>
  text.includes('\\') ? text.replaceAll(/\\([,= ])/g, '$1') : text;
