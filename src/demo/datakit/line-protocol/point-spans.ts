/** What is wrong with a line, for the message of the reply. */
export class LinePointError extends Error {
  override readonly name = 'LinePointError';
}

export type FieldKind = 'string' | 'integer' | 'unsigned' | 'float' | 'boolean';

/**
 * Where the parts of one point stand in the body, in bytes: [start, end). Filled anew for every point, so that counting
 * a batch makes no objects. Texts are still escaped; the text of a string field is without its quotes.
 */
export class PointSpans {
  lineStart = 0;
  lineEnd = 0;
  measurementStart = 0;
  measurementEnd = 0;
  /** Four numbers a tag: key start, key end, value start, value end. */
  readonly tags: number[] = [];
  /** Four numbers a field, as for tags. */
  readonly fields: number[] = [];
  readonly fieldKinds: FieldKind[] = [];
  /** -1 when the point has no timestamp. */
  timeStart = -1;
  timeEnd = -1;

  clear(lineStart: number): void {
    this.lineStart = lineStart;
    this.lineEnd = lineStart;
    this.measurementStart = lineStart;
    this.measurementEnd = lineStart;
    this.tags.length = 0;
    this.fields.length = 0;
    this.fieldKinds.length = 0;
    this.timeStart = -1;
    this.timeEnd = -1;
  }
}
