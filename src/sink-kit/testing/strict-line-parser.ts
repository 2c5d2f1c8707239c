/**
 * Line protocol as strictly as a DataKit could read it, written from the facts and independent of the encoder:
 * whatever is doubtful is an error.
 */
export type ParsedValue =
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'integer'; readonly value: bigint }
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'boolean'; readonly value: boolean };

export interface ParsedPoint {
  readonly measurement: string;
  readonly tags: ReadonlyMap<string, string>;
  readonly fields: ReadonlyMap<string, ParsedValue>;
  readonly nanoseconds: bigint | undefined;
  /** Of the whole line. */
  readonly bytes: number;
}

const DROPPED_BY_DATAKIT = new Set(['source', 'date']);

export function parseLines(body: Buffer): ParsedPoint[] {
  const text = new TextDecoder('utf-8', { fatal: true }).decode(body);
  if (text === '') throw new Error('The body is empty.');
  const points: ParsedPoint[] = [];
  const reader = new Reader(text);
  while (!reader.atEnd) points.push(readPoint(reader));
  return points;
}

class Reader {
  readonly #text: string;
  at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get atEnd(): boolean {
    return this.at >= this.#text.length;
  }

  get next(): string {
    return this.#text[this.at] ?? '';
  }

  take(expected: string): void {
    if (this.next !== expected)
      throw new Error(`Expected ${JSON.stringify(expected)} at ${this.at}: ${JSON.stringify(this.around())}`);
    this.at++;
  }

  since(from: number): string {
    return this.#text.slice(from, this.at);
  }

  around(): string {
    return this.#text.slice(Math.max(0, this.at - 60), this.at + 20);
  }

  /** Up to an unescaped character of `ends`; `escapable` follow a backslash that is taken away. */
  identifier(ends: string, escapable: string): string {
    let value = '';
    for (;;) {
      const character = this.next;
      if (character === '' || character === '\n' || character === '\r')
        throw new Error(`A name or tag value ends in nothing: ${JSON.stringify(this.around())}`);
      if (character === '\\' && escapable.includes(this.#text[this.at + 1] ?? '?')) {
        value += this.#text[this.at + 1];
        this.at += 2;
        continue;
      }
      if (ends.includes(character)) break;
      if (character < ' ' || character === '\u007f') throw new Error('A control character in a name or tag.');
      value += character;
      this.at++;
    }
    if (value === '') throw new Error(`An empty name or tag value: ${JSON.stringify(this.around())}`);
    if (value.endsWith('\\')) throw new Error('A name or tag value ends in a backslash.');
    return value;
  }

  text(): string {
    this.take('"');
    let value = '';
    for (;;) {
      if (this.atEnd) throw new Error('A string without an end.');
      const character = this.next;
      this.at++;
      if (character === '"') return value;
      if (character === '\0') throw new Error('NUL in a string.');
      if (character === '\\') {
        if (this.next !== '"' && this.next !== '\\') throw new Error('A bare backslash in a string.');
        value += this.next;
        this.at++;
      } else value += character;
    }
  }

  word(): string {
    const from = this.at;
    while (!this.atEnd && !', \n'.includes(this.next)) this.at++;
    return this.since(from);
  }
}

function readPoint(reader: Reader): ParsedPoint {
  const from = reader.at;
  if (reader.next === '#') throw new Error('A comment, not a point.');
  const measurement = reader.identifier(', ', ', ');
  const tags = new Map<string, string>();
  while (reader.next === ',') {
    reader.take(',');
    const key = reader.identifier('=', ',= ');
    reader.take('=');
    put(tags, key, reader.identifier(', ', ',= '));
  }
  const prefixBytes = Buffer.byteLength(reader.since(from));
  reader.take(' ');
  const fields = new Map<string, ParsedValue>();
  for (;;) {
    const key = reader.identifier('=', ',= ');
    reader.take('=');
    put(fields, key, reader.next === '"' ? { kind: 'text', value: reader.text() } : bare(reader.word()));
    if (reader.next !== ',') break;
    reader.take(',');
  }
  let nanoseconds: bigint | undefined;
  if (reader.next === ' ') {
    reader.take(' ');
    const digits = reader.word();
    if (!/^-?\d{1,19}$/.test(digits)) throw new Error(`No timestamp: ${digits}`);
    nanoseconds = BigInt(digits);
    if (BigInt.asIntN(64, nanoseconds) !== nanoseconds) throw new Error(`More than 64 bits: ${digits}`);
  }
  const line = reader.since(from);
  if (!reader.atEnd) reader.take('\n');
  const point = { measurement, tags, fields, nanoseconds, bytes: Buffer.byteLength(line) };
  checkLimits(point, prefixBytes);
  return point;
}

function bare(word: string): ParsedValue {
  if (word === 'true' || word === 'false') return { kind: 'boolean', value: word === 'true' };
  if (/^-?\d+i$/.test(word)) return { kind: 'integer', value: BigInt(word.slice(0, -1)) };
  if (/^-?\d+(\.\d+)?(e[+-]?\d+)?$/.test(word)) return { kind: 'float', value: Number(word) };
  throw new Error(`No value: ${word.slice(0, 50)}`);
}

function put<T>(map: Map<string, T>, key: string, value: T): void {
  if (map.has(key)) throw new Error(`Twice: ${key}`);
  if (key.includes('.')) throw new Error(`A dot in ${key}`);
  if (DROPPED_BY_DATAKIT.has(key)) throw new Error(`Would be dropped: ${key}`);
  if (Buffer.byteLength(key) > 256) throw new Error('A key over 256 bytes.');
  map.set(key, value);
}

function checkLimits({ measurement, tags, fields, bytes }: ParsedPoint, prefixBytes: number): void {
  if (tags.size > 256) throw new Error('Over 256 tags.');
  if (fields.size > 1024) throw new Error('Over 1024 fields.');
  if (Buffer.byteLength(measurement) > 1024) throw new Error('A measurement over 1024 bytes.');
  if (prefixBytes > 65_535) throw new Error('Measurement and tags over 65,535 bytes.');
  if (bytes > 1_048_576) throw new Error('A point over 1 MiB vanishes after a 200.');
  for (const [key, value] of tags) {
    if (Buffer.byteLength(value) > 1024) throw new Error(`A tag value over 1024 bytes: ${key}`);
    if (fields.has(key)) throw new Error(`Both tag and field: ${key}`);
  }
}
