import type { Discovery } from '../contracts/pull-source.ts';
import { LogferryError } from '../foundation/logferry-error.ts';

/** What a source was asked for by name and did not find; undefined when all of it is there. */
export function missingError({ missing }: Discovery): LogferryError | undefined {
  const [first] = missing;
  if (first === undefined) return undefined;
  const more = missing.length > 1 ? ` (and ${missing.length - 1} more that are not there)` : '';
  return new LogferryError('AWS_NOT_FOUND', `${first.reason}${more}`, { hint: first.fix });
}

/** Throws AWS_NOT_FOUND when nothing of what was named is there: to read nothing then would look like "no events". */
export function requireFound(discovery: Discovery): void {
  const error = discovery.partitions.length === 0 ? missingError(discovery) : undefined;
  if (error !== undefined) throw error;
}
