import { z } from 'zod';
import { compileOwnPattern, ownPatternOption } from '../own-pattern.ts';
import { RecordRedactor } from './record-redactor.ts';
import { SECRET_SETS, type SecretSet } from './secret-sets.ts';

const secretSetOption = z.enum(Object.keys(SECRET_SETS) as [SecretSet, ...SecretSet[]]);

const ownSecretOption = z.strictObject({
  pattern: ownPatternOption()
    .describe(
      'Regular expression of what is replaced. Matched line by line, in pieces of at most 4096 characters.',
    )
    .meta({ example: 'tok_[A-Za-z0-9]{24}' }),
  replacement: z
    .string()
    .max(200)
    .default('[redacted]')
    .describe('What stands there instead, as it is written.')
    .meta({ example: '[token]' }),
});

/** A named set, or a pattern of one's own. */
export const secretOption = z.union([secretSetOption, ownSecretOption]);
export type SecretOption = z.output<typeof secretOption>;

export const redactOptions = z.strictObject({
  secrets: z
    .array(secretOption)
    .default(['aws_keys', 'bearer_tokens', 'jwt', 'passwords', 'private_keys'])
    .describe('What is replaced: names of sets, and patterns of your own.')
    .meta({ example: ['aws_keys', 'bearer_tokens', { pattern: 'tok_[A-Za-z0-9]{24}' }] }),
  fields: z.boolean().default(true).describe('Looks into the text of fields too.').meta({ advanced: true }),
});

export type RedactOptions = z.output<typeof redactOptions>;

export function createRedactor({ secrets, fields }: RedactOptions): RecordRedactor {
  const sets = secrets.flatMap((one) => (typeof one === 'string' ? SECRET_SETS[one] : []));
  const own = secrets.flatMap((one) =>
    typeof one === 'string'
      ? []
      : [{ pattern: compileOwnPattern(one.pattern, 'g'), replacement: one.replacement }],
  );
  return new RecordRedactor(sets, own, fields);
}
