/** The index after a time that stands at `from`; `from` itself when none does. */
export function skipTimestamp(text: string, from: number): number {
  const first = text.charCodeAt(from);
  if (first >= 48 && first <= 57) return skipNumeric(text, from);
  if (first >= 65 && first <= 90) {
    NAMED.lastIndex = from;
    return NAMED.test(text) ? NAMED.lastIndex : from;
  }
  return from;
}

/** `Jan  2 03:04:05`, `Thu Jan 02 03:04:05.123 2026`, `Thu, 02 Jan 2026 03:04:05 GMT`, `Jan 02, 2026 3:04:05 PM`. */
const NAMED =
  /(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? )?(?:\d\d? )?(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) (?:\d{1,2}| \d),? (?:\d{4} )?\d{1,2}:\d\d:\d\d(?:[.,]\d{1,9})?(?: (?:AM|PM|GMT|UTC))?(?: \d{4})?/y;
/** `02/Jan/2026:03:04:05 +0000`, `02 Jan 2026 03:04:05.678`. */
const DAY_FIRST =
  /\d{1,2}[ /-](?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[ /-]\d{2,4}[ :]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?: ?[+-]\d{4})?/y;
const ZONE = / ?(?:Z|UTC|GMT|[+-]\d\d:?\d\d|[AP]M|CST|CET|CEST|EST|EDT|PST|PDT|JST|HKT|IST)(?![A-Za-z0-9])/y;

/** ISO dates with `-`, `/` or `.`, with `T` or a blank before the time; or a time alone. */
function skipNumeric(text: string, from: number): number {
  let at = from;
  let colons = 0;
  let separators = 0;
  let isDateOver = false;
  for (; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit >= 48 && unit <= 57) continue;
    if (unit === 58) colons++;
    else if (unit === 45 || unit === 47) {
      if (colons > 0) break;
      separators++;
    } else if (unit === 46 || unit === 44) {
      if (!isDigit(text, at + 1)) break;
      if (colons === 0) separators++;
    } else if ((unit === 84 || unit === 32) && !isDateOver && separators === 2 && isDigit(text, at + 1)) {
      isDateOver = true;
    } else break;
  }
  const isDate = separators === 2 && at - from >= 8;
  if (!isDate && colons < 2) {
    DAY_FIRST.lastIndex = from;
    return DAY_FIRST.test(text) ? DAY_FIRST.lastIndex : from;
  }
  if (text.charCodeAt(at - 1) === 58) at--;
  if (colons === 0) return at;
  const unit = text.charCodeAt(at);
  if (unit === 90 && !isLetter(text, at + 1)) return at + 1;
  if (unit === 32 ? !mayBeginZone(text.charCodeAt(at + 1)) : !mayBeginZone(unit)) return at;
  ZONE.lastIndex = at;
  return ZONE.test(text) ? ZONE.lastIndex : at;
}

function mayBeginZone(unit: number): boolean {
  return unit === 43 || unit === 45 || (unit >= 65 && unit <= 90);
}

function isDigit(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return unit >= 48 && unit <= 57;
}

function isLetter(text: string, at: number): boolean {
  const unit = text.charCodeAt(at) | 32;
  return unit >= 97 && unit <= 122;
}
