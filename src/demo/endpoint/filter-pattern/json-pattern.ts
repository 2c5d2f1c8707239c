import { type ApiError, invalidParameter } from '../api-error.ts';
import { supportedExpression } from './supported-expression.ts';

type Condition = (value: unknown) => boolean;

const TOKEN =
  /\s*(&&|\|\||[()]|!=|<=|>=|[=<>]|"(?:[^"\\]|\\.)*"|%[^%]+%|\$(?:\.[\w-]+|\[\d+\]|\["[^"]+"\])+|[^\s()=<>!&|"]+)/y;

/**
 * `{ $.a.b[0] = "x*" && ($.n > 5 || $.c NOT EXISTS) }`: comparisons of JSON messages. `=` and `!=` of texts know `*`; numbers
 * compare as numbers; `IS TRUE|FALSE|NULL` and `NOT EXISTS` stand behind a selector. A message that is no JSON object never matches.
 */
export function parseJsonPattern(pattern: string): (message: string) => boolean {
  if (!pattern.endsWith('}')) throw unreadable();
  const reader = new Reader(tokensOf(pattern.slice(1, -1)));
  const condition = readAny(reader);
  if (reader.peek() !== undefined) throw unreadable();
  return (message) => {
    const value = parseObject(message);
    return value !== undefined && condition(value);
  };
}

class Reader {
  readonly #tokens: readonly string[];
  #next = 0;

  constructor(tokens: readonly string[]) {
    this.#tokens = tokens;
  }

  peek(): string | undefined {
    return this.#tokens[this.#next];
  }

  take(): string {
    const token = this.#tokens[this.#next++];
    if (token === undefined) throw unreadable();
    return token;
  }
}

function readAny(reader: Reader): Condition {
  const parts = [readAll(reader)];
  while (reader.peek() === '||') {
    reader.take();
    parts.push(readAll(reader));
  }
  return (value) => parts.some((part) => part(value));
}

function readAll(reader: Reader): Condition {
  const parts = [readOne(reader)];
  while (reader.peek() === '&&') {
    reader.take();
    parts.push(readOne(reader));
  }
  return (value) => parts.every((part) => part(value));
}

function readOne(reader: Reader): Condition {
  const token = reader.take();
  if (token === '(') {
    const inner = readAny(reader);
    if (reader.take() !== ')') throw unreadable();
    return inner;
  }
  if (!token.startsWith('$')) throw unreadable();
  const select = selector(token);
  const operator = reader.take();
  if (operator === 'IS' || operator === 'NOT') return readState(operator, reader.take(), select);
  const test = comparison(operator, reader.take());
  return (value) => test(select(value));
}

function readState(operator: 'IS' | 'NOT', state: string, select: (value: unknown) => unknown): Condition {
  if (operator === 'NOT' && state === 'EXISTS') return (value) => select(value) === undefined;
  if (operator === 'IS' && state === 'TRUE') return (value) => select(value) === true;
  if (operator === 'IS' && state === 'FALSE') return (value) => select(value) === false;
  if (operator === 'IS' && state === 'NULL') return (value) => select(value) === null;
  throw unreadable();
}

function comparison(operator: string, operand: string): Condition {
  const number = operand.startsWith('"') || operand.startsWith('%') ? Number.NaN : Number(operand);
  if (operator === '=') return equality(operand, number);
  if (operator === '!=') {
    const equals = equality(operand, number);
    return (value) => value !== undefined && !equals(value);
  }
  if (Number.isNaN(number)) throw unreadable();
  const compare = (decide: (value: number) => boolean) => (value: unknown) =>
    typeof value === 'number' && decide(value);
  if (operator === '<') return compare((value) => value < number);
  if (operator === '<=') return compare((value) => value <= number);
  if (operator === '>') return compare((value) => value > number);
  if (operator === '>=') return compare((value) => value >= number);
  throw unreadable();
}

function equality(operand: string, number: number): Condition {
  if (operand.startsWith('%')) {
    const expression = supportedExpression(operand.slice(1, -1));
    return (value) => typeof value === 'string' && expression.test(value);
  }
  const text = operand.startsWith('"') ? operand.slice(1, -1).replaceAll(/\\(.)/g, '$1') : operand;
  const matches = wildcard(text);
  return (value) =>
    typeof value === 'number'
      ? value === number || matches(String(value))
      : typeof value === 'string' && matches(value);
}

/** `*` stands for any characters. Matched piece by piece, so that many stars cost no more than one. */
function wildcard(pattern: string): (text: string) => boolean {
  const [head = '', ...pieces] = pattern.split('*');
  const tail = pieces.pop();
  if (tail === undefined) return (text) => text === head;
  return (text) => {
    if (!text.startsWith(head)) return false;
    let at = head.length;
    for (const piece of pieces) {
      const found = text.indexOf(piece, at);
      if (found === -1) return false;
      at = found + piece.length;
    }
    return text.length - tail.length >= at && text.endsWith(tail);
  };
}

function selector(token: string): (value: unknown) => unknown {
  const keys = [...token.matchAll(/\.([\w-]+)|\[(\d+)\]|\["([^"]+)"\]/g)].map(
    ([, name, index, quoted]) => name ?? quoted ?? Number(index),
  );
  return (value) => {
    let current = value;
    for (const key of keys) {
      if (typeof current !== 'object' || current === null || !Object.hasOwn(current, key)) return undefined;
      current = (current as Record<string | number, unknown>)[key];
    }
    return current;
  };
}

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  const trimmed = text.trimEnd();
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < trimmed.length) {
    const token = TOKEN.exec(trimmed)?.[1];
    if (token === undefined) throw unreadable();
    tokens.push(token);
  }
  return tokens;
}

function parseObject(message: string): object | undefined {
  if (!message.trimStart().startsWith('{')) return undefined;
  try {
    return JSON.parse(message) as object;
  } catch {
    return undefined;
  }
}

function unreadable(): ApiError {
  return invalidParameter('Invalid filter pattern');
}
