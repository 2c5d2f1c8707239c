import { invalidParameter } from '../api-error.ts';

/**
 * A regular expression within what the service allows: no groups, which also rules out expressions that take exponential time.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 */
export function supportedExpression(source: string): RegExp {
  if (source.length > 256 || !/^[\w:#=@/;,\-^$?[\]{}|\\*+.' ]+$/.test(source)) {
    throw invalidParameter('Invalid filter pattern: the regular expression is not supported');
  }
  try {
    return new RegExp(source);
  } catch {
    throw invalidParameter('Invalid filter pattern: the regular expression cannot be read');
  }
}
