import { type CoverageQuery, MAX_COVERAGE_DAYS } from '../api/api-backend.ts';
import { LogferryError } from '../foundation/logferry-error.ts';
import { didYouMean } from '../foundation/nearest-name.ts';
import { MINUTE_MILLIS } from '../pipeline/coverage/coverage.ts';
import type { CoverageRequest } from '../pipeline/coverage/coverage-report.ts';

const DAY_MILLIS = 86_400_000;

/** Fills in what a query leaves open. Throws USAGE for a source that there is not, and a range that is none. */
export function coverageRequest(
  { source, toMillis: to, fromMillis: from, ...rest }: CoverageQuery,
  known: readonly { readonly id: string }[],
  nowMillis: number,
): CoverageRequest {
  const ids = known.map(({ id }) => id);
  if (source !== undefined && !ids.includes(source)) {
    throw new LogferryError('USAGE', `There is no source "${source}".${didYouMean(source, ids)}`, {
      hint: `Sources that there are: ${ids.join(', ') || 'none'}.`,
    });
  }
  const toMillis = to ?? nowMillis;
  const fromMillis = from ?? Math.max(0, endOfMinute(toMillis) - DAY_MILLIS);
  if (fromMillis > toMillis) throw new LogferryError('USAGE', 'The range begins after its end.');
  if (toMillis - fromMillis > MAX_COVERAGE_DAYS * DAY_MILLIS) {
    throw new LogferryError('USAGE', `The range is longer than ${MAX_COVERAGE_DAYS} days.`, {
      hint: 'Ask for one part after the other.',
    });
  }
  return { ...rest, fromMillis, toMillis, sources: source === undefined ? ids : [source] };
}

/** So that a day is 1440 minutes and not one more. */
const endOfMinute = (millis: number) => (Math.floor(millis / MINUTE_MILLIS) + 1) * MINUTE_MILLIS;
