import { NOTHING_COUNTED, type Transform, type TransformResult } from '../../contracts/transform.ts';
import { type FieldValue, type LogRecord, withMessage } from '../../record/log-record.ts';
import type { SecretPattern } from './secret-sets.ts';
import { type OwnSecret, redactText } from './text-redactor.ts';

/** Replaces secrets in message and fields. How many it replaced stands in the field `redacted`. */
export class RecordRedactor implements Transform {
  readonly #sets: readonly SecretPattern[];
  readonly #own: readonly OwnSecret[];
  readonly #withFields: boolean;

  constructor(sets: readonly SecretPattern[], own: readonly OwnSecret[], withFields: boolean) {
    this.#sets = sets;
    this.#own = own;
    this.#withFields = withFields;
  }

  apply(records: readonly LogRecord[]): TransformResult {
    const kept = records.map((record) => this.#redact(record));
    return { kept, dropped: NOTHING_COUNTED, failed: NOTHING_COUNTED, state: undefined };
  }

  #redact(record: LogRecord): LogRecord {
    const message = redactText(record.message, this.#sets, this.#own);
    let { count } = message;
    let { fields } = record;
    if (this.#withFields && fields !== undefined) {
      const redacted = Object.entries(fields).map(([name, value]): [string, FieldValue] => {
        const whole = this.#sets.find(({ field }) => field?.test(name) === true);
        if (whole !== undefined && typeof value !== 'boolean' && value !== '') {
          count++;
          return [name, `[redacted:${whole.label}]`];
        }
        if (typeof value !== 'string') return [name, value];
        const { text, count: found } = redactText(value, this.#sets, this.#own);
        count += found;
        return [name, text];
      });
      fields = Object.fromEntries(redacted);
    }
    if (count === 0) return record;
    return withMessage(record, message.text, { ...fields, redacted: count });
  }
}
