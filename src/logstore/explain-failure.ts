import { type LogQuery, type LogTerm, QueryError } from '../contracts/log-query.ts';
import { LogferryError } from '../foundation/logferry-error.ts';
import type { LogEngine } from './engine.ts';
import { rowsOf } from './rows-of.ts';
import { BoundValues } from './sql/bound-values.ts';

const BAD_REGEX = /CANNOT_COMPILE_REGEXP|cannot compile re2/;
const REASON = /error: (.+?)(?:\. Look at|$)/s;

/** What went wrong, as the person who wrote the query sees it: a regular expression that is none, at its place. */
export async function explainFailure(
  engine: LogEngine,
  query: LogQuery,
  thrown: unknown,
  signal: AbortSignal,
): Promise<unknown> {
  if (!(thrown instanceof LogferryError) || !BAD_REGEX.test(thrown.message)) return thrown;
  for (const term of regexTerms(query)) {
    const problem = await regexProblem(engine, term, signal);
    if (problem !== undefined) return problem;
  }
  return thrown;
}

async function regexProblem(
  engine: LogEngine,
  { test, span }: LogTerm,
  signal: AbortSignal,
): Promise<QueryError | undefined> {
  if (test.kind !== 'regex') return undefined;
  const values = new BoundValues();
  const sql = `SELECT match('', ${values.text(test.pattern)}) AS matches`;
  try {
    await rowsOf(engine, { sql, parameters: values.parameters }, undefined, signal);
    return undefined;
  } catch (thrown) {
    if (!(thrown instanceof LogferryError) || !BAD_REGEX.test(thrown.message)) return undefined;
    const reason = REASON.exec(thrown.message)?.[1]?.slice(0, 200) ?? 'it does not compile';
    const { from, to } = span ?? { from: 0, to: 0 };
    return new QueryError({
      message: `This is no regular expression: ${reason}.`,
      column: from + 1,
      length: to - from,
      expected: ['a regular expression in the syntax of RE2'],
    });
  }
}

function regexTerms(query: LogQuery): readonly LogTerm[] {
  switch (query.kind) {
    case 'all':
      return [];
    case 'and':
    case 'or':
      return query.nodes.flatMap(regexTerms);
    case 'not':
      return regexTerms(query.node);
    case 'term':
      return query.test.kind === 'regex' ? [query] : [];
  }
}
