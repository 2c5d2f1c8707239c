import type { LogQuery } from '../../../../../src/contracts/log-query.ts';

/** The words of a query that are to be marked in messages: those that must be there. */
export function marksOf(query: LogQuery): readonly string[] {
  switch (query.kind) {
    case 'and':
    case 'or':
      return query.nodes.flatMap(marksOf);
    case 'term':
      return query.field === 'message' ? wordsOf(query.test) : [];
    case 'all':
    case 'not':
      return [];
  }
}

function wordsOf(test: Extract<LogQuery, { kind: 'term' }>['test']): readonly string[] {
  if (test.kind === 'text') return [test.text];
  return test.kind === 'pattern' ? test.parts.filter((part) => part !== '') : [];
}
