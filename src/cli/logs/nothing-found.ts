import type { LogQuery } from '../../contracts/log-query.ts';
import { didYouMean } from '../../foundation/nearest-name.ts';
import { isBuiltIn } from '../../logstore/query/field-names.ts';
import { requireQuery } from '../../logstore/query/parse-query.ts';
import type { CliContext } from '../cli-context.ts';
import { formatTime } from '../output/format-time.ts';
import type { CommandLogs, TextFilter } from './command-logs.ts';

/** Why there may be nothing: the range, or the name of a field. */
export async function explainNothing(
  cli: CliContext,
  logs: CommandLogs,
  filter: TextFilter,
): Promise<string> {
  const { records, oldestMillis, newestMillis } = await logs.usage();
  if (records === 0) return 'The store holds nothing yet.\n';
  const time = (millis: number | undefined) =>
    millis === undefined ? '–' : formatTime(millis, cli.options.utc).slice(0, 19);
  const known = (await logs.fields(filter)).fields.map(({ name }) => name);
  const lines = ['No record matches.'];
  if (known.length > 0) {
    const unknown = fieldsOf(requireQuery(filter.text)).filter(
      (name) => !isBuiltIn(name) && !known.includes(name),
    );
    for (const name of new Set(unknown))
      lines.push(`No recent record has a field "${name}".${didYouMean(name, known)}`);
  }
  lines.push(
    `Searched ${time(filter.fromMillis)} to ${time(filter.toMillis)}; the store holds ${time(oldestMillis)} to ${time(newestMillis)}.`,
  );
  return `${lines.join('\n')}\n`;
}

function fieldsOf(query: LogQuery): readonly string[] {
  switch (query.kind) {
    case 'all':
      return [];
    case 'and':
    case 'or':
      return query.nodes.flatMap(fieldsOf);
    case 'not':
      return fieldsOf(query.node);
    case 'term':
      return [query.field];
  }
}
