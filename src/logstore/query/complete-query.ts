import type { TextSpan } from '../../contracts/log-query.ts';
import type { KnownField } from '../../contracts/log-search.ts';
import { LEVELS } from '../../record/level.ts';
import { BUILT_IN_FIELDS, canonicalField, USUAL_TAGS } from './field-names.ts';
import { printField, printText } from './print-query.ts';
import { ProblemFound, QueryText } from './query-text.ts';

export interface CompletionItem {
  readonly kind: 'field' | 'value' | 'keyword';
  readonly label: string;
  /** What takes the place of the span. */
  readonly insert: string;
}

/** What could stand where the cursor is. */
export interface Completion extends TextSpan {
  readonly items: readonly CompletionItem[];
  /** Set where values of a field belong that only the store knows. */
  readonly wanted?: { readonly field: string; readonly containing: string };
}

const MAX_ITEMS = 50;
const KEYWORDS = ['AND', 'OR', 'NOT'];

/** `cursor`: how many UTF-16 units stand before it. Never throws, whatever the text. */
export function completeQuery(text: string, cursor: number, known: readonly KnownField[]): Completion {
  const { field, from, to, typed } = placeAt(text, Math.min(Math.max(0, cursor), text.length));
  if (field === undefined) return { from, to, items: fieldItems(typed, known) };
  if (field !== 'level') return { from, to, items: [], wanted: { field, containing: typed } };
  return { from, to, items: valueItems(LEVELS.filter((level) => contains(level, typed))) };
}

export function valueItems(values: readonly string[]): readonly CompletionItem[] {
  return values.map((value) => ({ kind: 'value', label: value, insert: printText(value) }));
}

function fieldItems(typed: string, known: readonly KnownField[]): readonly CompletionItem[] {
  const names = known.length > 0 ? known.map(({ name }) => name) : [...BUILT_IN_FIELDS, ...USUAL_TAGS];
  const found = names.filter((name) => contains(name, typed));
  const startsWith = (name: string) => name.toLowerCase().startsWith(typed.toLowerCase());
  const ordered = [...found.filter(startsWith), ...found.filter((name) => !startsWith(name))];
  const fields = ordered
    .slice(0, MAX_ITEMS)
    .map((name): CompletionItem => ({ kind: 'field', label: name, insert: printField(name) }));
  const keywords = KEYWORDS.filter((keyword) => typed !== '' && keyword.startsWith(typed)).map(
    (keyword): CompletionItem => ({ kind: 'keyword', label: keyword, insert: `${keyword} ` }),
  );
  return [...keywords, ...fields];
}

interface Place extends TextSpan {
  /** Of which a value belongs here; undefined where a term begins. */
  readonly field: string | undefined;
  /** What stands between `from` and the cursor. */
  readonly typed: string;
}

function placeAt(text: string, cursor: number): Place {
  const input = new QueryText(text);
  /** Of each open parenthesis, the field that its words are values of. */
  const groups: (string | undefined)[] = [];
  const here = (field: string | undefined, from: number, to: number, typedFrom = from): Place => ({
    field,
    from,
    to,
    typed: text.slice(typedFrom, Math.max(typedFrom, cursor)),
  });
  for (;;) {
    input.skipSpace();
    // A term that begins right at the cursor is left alone: another one may go before it.
    if (input.at >= cursor) return here(groups.at(-1), cursor, cursor);
    if (input.isAtOpen) {
      groups.push(groups.at(-1));
      input.at++;
      continue;
    }
    if (input.isAtClose) {
      groups.pop();
      input.at++;
      continue;
    }
    if (input.takeMinus()) continue;
    const from = input.at;
    const group = groups.at(-1);
    const named = group ?? takeField(input);
    if (named !== undefined && group === undefined) {
      // The cursor stands in the name itself, or right behind it, which is where its colon begins.
      if (cursor < input.at) return here(undefined, from, input.at);
      if (input.isAtOpen) {
        groups.push(named);
        input.at++;
        continue;
      }
    }
    const valueFrom = input.at;
    const quoteLength = input.isAtQuote ? 1 : 0;
    skipValue(input);
    if (cursor <= input.at) return here(named, valueFrom, input.at, valueFrom + quoteLength);
    if (input.at === from) input.at++;
  }
}

function takeField(input: QueryText): string | undefined {
  if (!input.isAtQuote) {
    const name = input.takeFieldName();
    return name === undefined ? undefined : canonicalField(name);
  }
  const { at } = input;
  try {
    const name = input.takeQuoted();
    if (input.isAtColon) {
      input.at++;
      return canonicalField(name);
    }
  } catch (thrown) {
    if (!(thrown instanceof ProblemFound)) throw thrown;
  }
  input.at = at;
  return undefined;
}

function skipValue(input: QueryText): void {
  if (!input.isAtQuote) {
    if (input.takeRegex() === undefined) input.takeWord();
    return;
  }
  try {
    input.takeQuoted();
  } catch (thrown) {
    if (!(thrown instanceof ProblemFound)) throw thrown;
    input.at = input.text.length;
  }
}

function contains(text: string, part: string): boolean {
  return text.toLowerCase().includes(part.toLowerCase());
}
