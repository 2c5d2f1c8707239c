import type { LogTerm, TermTest } from '../../contracts/log-query.ts';
import { storedTime } from '../log-row.ts';
import { levelsThat } from '../query/match-record.ts';
import type { BoundValues } from './bound-values.ts';
import { fieldHolds, type TextCondition } from './field-sql.ts';

/** What every JSON encoder writes as it is; some escape other signs, and letters beyond ASCII. */
const PLAIN_VALUE = /^[\w.:,@# -]+$/;

/** Fields that every record has as a tag, so that nowhere else is looked for them. */
export type OnlyTags = ReadonlySet<string>;

/** The SQL of one term: 0 or 1, never NULL. */
export function termSql({ field, test }: LogTerm, values: BoundValues, onlyTags: OnlyTags): string {
  if (field === 'message') return messageSql(test, values);
  if (field === 'timestamp') return timeSql(test, values);
  const hint = test.kind === 'text' && PLAIN_VALUE.test(test.text) ? test.text : undefined;
  return fieldHolds(field, conditionOf(test, values), values, { hint, isOnlyTag: onlyTags.has(field) });
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
      const wanted = values.number(test.value);
      // The other end is there so that what is beyond a double ("1e999", "inf") is no number.
      const other = test.operator.startsWith('>') ? '<' : '>';
      const end = `${other}= ${values.number(other === '<' ? Number.MAX_VALUE : -Number.MAX_VALUE)}`;
      return (text) => bothHold(numberOf(text), `${test.operator} ${wanted}`, end);
    }
    case 'range': {
      const from = values.number(test.from ?? -Number.MAX_VALUE);
      const to = values.number(test.to ?? Number.MAX_VALUE);
      return (text) => bothHold(numberOf(text), `>= ${from}`, `<= ${to}`);
    }
    case 'severity': {
      const levels = values.texts(levelsThat(test.operator, test.level));
      return (text) => `${text} IN ${levels}`;
    }
    case 'exists':
      return (text) => `${text} != ''`;
  }
}

/** NULL where the text is no number. */
function numberOf(text: string): string {
  return `toFloat64OrNull(${text})`;
}

function bothHold(number: string, one: string, other: string): string {
  return `ifNull(${number} ${one} AND ${number} ${other}, 0)`;
}

function escapeLike(text: string): string {
  return text.replaceAll(/[\\%_]/g, String.raw`\$&`);
}
