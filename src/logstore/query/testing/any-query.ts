import fc from 'fast-check';
import type { LogQuery, LogTerm, TermTest } from '../../../contracts/log-query.ts';
import { LEVELS } from '../../../record/level.ts';
import { canonicalField } from '../field-names.ts';

export interface QueryVocabulary {
  readonly fields: readonly string[];
  readonly texts: readonly string[];
  readonly numbers: readonly number[];
  /** For which a store and JavaScript mean the same. */
  readonly patterns: readonly string[];
}

const operator = fc.constantFrom('>', '>=', '<', '<=');

/** Queries as the parser makes them. With a vocabulary, of its words only. */
export function anyQuery(vocabulary?: QueryVocabulary): fc.Arbitrary<LogQuery> {
  const { query } = fc.letrec<{ query: LogQuery }>((tie) => ({
    query: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      { arbitrary: anyTerm(vocabulary), weight: 3 },
      tie('query').map((node): LogQuery => ({ kind: 'not', node })),
      fc
        .tuple(fc.constantFrom('and', 'or'), fc.array(tie('query'), { minLength: 2, maxLength: 3 }))
        .map(([kind, nodes]): LogQuery => ({ kind, nodes })),
    ),
  }));
  return query;
}

function anyTerm(vocabulary: QueryVocabulary | undefined): fc.Arbitrary<LogTerm> {
  const text =
    vocabulary === undefined
      ? fc.oneof(fc.string(), fc.string({ unit: 'binary' }))
      : fc.constantFrom(...vocabulary.texts);
  const number = vocabulary === undefined ? anyNumber : fc.constantFrom(...vocabulary.numbers);
  const regex =
    vocabulary === undefined
      ? fc.constantFrom('a', 'a b', String.raw`^\d+/x\\$`, '(?i)[a-z]/{2}|“”')
      : fc.constantFrom(...vocabulary.patterns);
  const named =
    vocabulary === undefined
      ? fc.string({ minLength: 1 }).map(canonicalField)
      : fc.constantFrom(...vocabulary.fields);
  const exact = text.map((text): TermTest => ({ kind: 'text', text }));
  const regexTest = regex.map((pattern): TermTest => ({ kind: 'regex', pattern }));
  const exists = fc.constant<TermTest>({ kind: 'exists' });
  const ofText = fc.oneof(
    exact,
    fc.array(text, { minLength: 2, maxLength: 3 }).map(patternTest),
    regexTest,
    exists,
  );
  const compared = fc
    .record({ kind: fc.constant('compare'), operator, value: number })
    .map((test) => test as TermTest);
  const range = fc.oneof(
    number.map((from): TermTest => ({ kind: 'range', from })),
    number.map((to): TermTest => ({ kind: 'range', to })),
    fc.tuple(number, number).map(([from, to]): TermTest => ({ kind: 'range', from, to })),
  );
  const level = fc.constantFrom(...LEVELS);
  const ofLevel = fc.oneof(
    level.map((text): TermTest => ({ kind: 'text', text })),
    fc.record({ kind: fc.constant('severity'), operator, level }).map((test) => test as TermTest),
    exists,
  );
  const term = (field: fc.Arbitrary<string>, test: fc.Arbitrary<TermTest>) =>
    fc.record({ kind: fc.constant('term' as const), field, test });
  const isOrdinary = (field: string) =>
    !['message', 'level', 'timestamp', 'source', 'event_id'].includes(field);
  return fc.oneof(
    term(fc.constant('message'), ofText.map(asMessageTest)),
    term(fc.constantFrom('source', 'event_id'), ofText),
    term(fc.constant('level'), ofLevel),
    term(named.filter(isOrdinary), fc.oneof(ofText, compared, range)),
  );
}

const anyNumber = fc
  .oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }))
  .filter((value) => !Object.is(value, -0));

function patternTest(parts: readonly string[]): TermTest {
  const kept = parts.filter((part, at) => part !== '' || at === 0 || at === parts.length - 1);
  return kept.every((part) => part === '') ? { kind: 'exists' } : { kind: 'pattern', parts: kept };
}

/** As the parser leaves it: wildcards at the ends of what a message contains say nothing. */
function asMessageTest(test: TermTest): TermTest {
  if (test.kind !== 'pattern') return test;
  const inner = test.parts.filter((part) => part !== '');
  return inner.length === 1 ? { kind: 'text', text: inner[0] ?? '' } : { kind: 'pattern', parts: inner };
}

export function withoutSpans(query: LogQuery): LogQuery {
  switch (query.kind) {
    case 'all':
      return query;
    case 'and':
    case 'or':
      return { kind: query.kind, nodes: query.nodes.map(withoutSpans) };
    case 'not':
      return { kind: 'not', node: withoutSpans(query.node) };
    case 'term':
      return { kind: 'term', field: query.field, test: query.test };
  }
}
