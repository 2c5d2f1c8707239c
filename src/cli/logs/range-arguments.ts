import type { TimeRange } from '../../contracts/checkpoint.ts';
import { LogferryError } from '../../foundation/logferry-error.ts';
import type { CliContext } from '../cli-context.ts';
import { momentArgument } from '../time-argument.ts';

export interface RangeOptions {
  readonly since: string;
  readonly until?: string;
}

/** `--since` and `--until` as a range; refuses one that ends before it begins. */
export function rangeArguments(cli: CliContext, { since, until = 'now' }: RangeOptions): TimeRange {
  const now = cli.clock.now();
  const range = {
    fromMillis: momentArgument(since, now, cli.options.utc),
    toMillis: momentArgument(until, now, cli.options.utc),
  };
  if (range.fromMillis <= range.toMillis) return range;
  throw new LogferryError('USAGE', '--since lies after --until.');
}
