import type { LogTerm, TermTest } from '../../contracts/log-query.ts';
import { storedTime } from '../log-row.ts';
import { levelsThat } from '../query/match-record.ts';
import type { BoundValues } from './bound-values.ts';
import { fieldHolds, type TextCondition } from './field-sql.ts';

/** What every JSON encoder writes as it is; some escape other signs, and letters beyond ASCII. */
const PLAIN_VALUE = /^[\w.:,@# -]+$/;

/** The SQL of one term: 0 or 1, never NULL. */
export function termSql({ field, test }: LogTerm, values: BoundValues): string {
  if (field === 'message') return messageSql(test, values);
  if (field === 'timestamp') return timeSql(test, values);
  const hint = test.kind === 'text' && PLAIN_VALUE.test(test.text) ? test.text : undefined;
  return fieldHolds(field, conditionOf(test, values), values, hint);
}

function messageSql(test: TermTest, values: BoundValues): string {
  if (test.kind === 'text') return `positionCaseInsensitiveUTF8(message, ${values.text(test.text)}) > 0`;
  if (test.kind === 'pattern')
    return `message ILIKE ${values.text(`%${test.parts.map(escapeLike).join('%')}%`)}`;
  return fieldHolds('message', conditionOf(test, values), values);
}

function timeSql(test: TermTest, values: BoundValues): string {
  const moment = (millis: number) => values.time(storedTime(millis));
  if (test.kind === 'compare') return `time ${test.operator} ${moment(test.value)}`;
  if (test.kind !== 'range') return fieldHolds('timestamp', conditionOf(test, values), values);
  const ends = [
    test.from === undefined ? undefined : `time >= ${moment(test.from)}`,
    test.to === undefined ? undefined : `time <= ${moment(test.to)}`,
  ].filter((end) => end !== undefined);
  return `(${ends.join(' AND ')})`;
}

function conditionOf(test: TermTest, values: BoundValues): TextCondition {
  switch (test.kind) {
    case 'text': {
      const wanted = values.text(test.text);
      return (text) => `${text} = ${wanted}`;
    }
    case 'pattern': {
      const like = values.text(test.parts.map(escapeLike).join('%'));
      return (text) => `${text} LIKE ${like}`;
    }
    case 'regex': {
      const regex = values.text(test.pattern);
      return (text) => `match(${text}, ${regex})`;
    }
    case 'compare': {
      const { operator } = test;
      const wanted = values.number(test.value);
      return (text) => `ifNull(${numberOf(text)} ${operator} ${wanted}, 0)`;
    }
    case 'range': {
      const from = test.from === undefined ? undefined : values.number(test.from);
      const to = test.to === undefined ? undefined : values.number(test.to);
      return (text) => {
        const ends = [
          from === undefined ? undefined : `${numberOf(text)} >= ${from}`,
          to === undefined ? undefined : `${numberOf(text)} <= ${to}`,
        ].filter((end) => end !== undefined);
        return `ifNull(${ends.join(' AND ')}, 0)`;
      };
    }
    case 'severity': {
      const levels = values.texts(levelsThat(test.operator, test.level));
      return (text) => `${text} IN ${levels}`;
    }
    case 'exists':
      return (text) => `${text} != ''`;
  }
}

/** NULL where the text is no number, and where it is beyond what a double holds. */
function numberOf(text: string): string {
  const number = `toFloat64OrNull(${text})`;
  return `if(isFinite(${number}), ${number}, NULL)`;
}

function escapeLike(text: string): string {
  return text.replaceAll(/[\\%_]/g, String.raw`\$&`);
}
