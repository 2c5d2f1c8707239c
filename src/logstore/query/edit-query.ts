import type { LogQuery, LogTerm } from '../../contracts/log-query.ts';
import { canonicalField } from './field-names.ts';
import { parseQuery } from './parse-query.ts';
import { printQuery } from './print-query.ts';

/** A value of a field; `undefined` stands for having none. */
export interface FieldChoice {
  readonly field: string;
  readonly value: string | undefined;
}

export type ChoiceMode = 'include' | 'exclude';

/** Whether a query asks for a value, or for its absence, at its top. */
export function choiceIn(text: string, choice: FieldChoice): ChoiceMode | undefined {
  const parsed = parseQuery(text);
  if (!parsed.ok) return undefined;
  const terms = topTerms(parsed.query);
  return (['include', 'exclude'] as const).find((mode) =>
    terms.some((term) => isSame(term, choiceTerm(choice, mode))),
  );
}

/**
 * The query with a value added as something to include or to exclude; with `undefined`, without either. What the
 * person wrote stays as it is, unless something has to be taken out of it. A text that is no query is left alone.
 */
export function withChoice(text: string, choice: FieldChoice, mode: ChoiceMode | undefined): string {
  const parsed = parseQuery(text);
  if (!parsed.ok) return text;
  const old = topTerms(parsed.query);
  const both = [choiceTerm(choice, 'include'), choiceTerm(choice, 'exclude')];
  const kept = old.filter((term) => !both.some((other) => isSame(term, other)));
  const rest =
    kept.length === old.length ? text.trim() : printQuery(kept.length === 0 ? { kind: 'all' } : and(kept));
  if (mode === undefined) return rest;
  const added = printQuery(choiceTerm(choice, mode));
  if (rest === '') return added;
  const isAlternative = kept.length === 1 && kept[0]?.kind === 'or' && kept.length === old.length;
  return `${isAlternative ? `(${rest})` : rest} ${added}`;
}

function choiceTerm({ field, value }: FieldChoice, mode: ChoiceMode): LogQuery {
  const name = canonicalField(field);
  const term: LogTerm = {
    kind: 'term',
    field: name,
    test: value === undefined ? { kind: 'exists' } : { kind: 'text', text: value },
  };
  const isNegated = (value === undefined) === (mode === 'include');
  return isNegated ? { kind: 'not', node: term } : term;
}

function topTerms(query: LogQuery): readonly LogQuery[] {
  if (query.kind === 'all') return [];
  return query.kind === 'and' ? query.nodes : [query];
}

function and(nodes: readonly LogQuery[]): LogQuery {
  const [first] = nodes;
  return first !== undefined && nodes.length === 1 ? first : { kind: 'and', nodes };
}

const isSame = (a: LogQuery, b: LogQuery) => printQuery(a) === printQuery(b);
