import type { Facet, Facets, FacetsRequest } from '../contracts/log-search.ts';
import type { LogEngine } from './engine.ts';
import { searchKey } from './log-pages.ts';
import { isBuiltIn } from './query/field-names.ts';
import { rowsOf } from './rows-of.ts';
import { type FacetRow, facetsSql, groupedFacetsSql, isGrouped } from './sql/facets-sql.ts';
import type { PlannedFilter } from './sql/filter-sql.ts';
import { countSql } from './sql/search-sql.ts';

/**
 * Counts by tags, which is quick, then by records the fields that some record does not have as a tag: they may have
 * it elsewhere.
 */
export async function readFacets(
  engine: LogEngine,
  request: FacetsRequest & PlannedFilter,
  signal: AbortSignal,
): Promise<Facets> {
  const { top } = request;
  const fields = [...new Set(request.fields)];
  const key = searchKey(request);
  const quick = fields.filter(isGrouped);
  const found = new Map<string, Facet>();
  let total: number | undefined;
  const read = async (names: readonly string[], sql: typeof facetsSql) => {
    if (names.length === 0) return;
    const rows = await rowsOf<FacetRow>(engine, sql(request, names, top), key, signal);
    names.forEach((name, index) => {
      const own = rows.filter(({ field }) => field === index);
      found.set(name, facetOf(name, own, top));
      total = own[0]?.total ?? total ?? 0;
    });
  };
  await read(quick, groupedFacetsSql);
  const isIncomplete = (name: string) => !isBuiltIn(name) && (found.get(name)?.missing ?? 0) > 0;
  await read(
    fields.filter((name) => !isGrouped(name) || isIncomplete(name)),
    facetsSql,
  );
  if (total === undefined) {
    const [row] = await rowsOf<{ records: number }>(engine, countSql(request), key, signal);
    total = row?.records ?? 0;
  }
  return { total, facets: fields.flatMap((name) => found.get(name) ?? []) };
}

function facetOf(field: string, rows: readonly FacetRow[], top: number): Facet {
  const missing = rows.find(({ value }) => value === '')?.records ?? 0;
  const values = rows
    .filter(({ value }) => value !== '')
    .slice(0, top)
    .map(({ value, records }) => ({ value, count: records }));
  const counted = values.reduce((sum, { count }) => sum + count, 0);
  return {
    field,
    values,
    distinct: rows[0]?.different ?? 0,
    missing,
    others: (rows[0]?.total ?? 0) - missing - counted,
  };
}
