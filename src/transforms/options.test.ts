import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { chain } from './chain/definition.ts';
import { detectLevel } from './detect-level/definition.ts';
import { drop } from './drop/definition.ts';
import { enrich } from './enrich/definition.ts';
import { joinLines } from './join-lines/definition.ts';
import { redact } from './redact/definition.ts';

interface Schema {
  readonly description?: string;
  readonly default?: unknown;
  readonly example?: unknown;
  readonly properties?: Record<string, Schema>;
  readonly required?: readonly string[];
}

const definitions = [chain, joinLines, detectLevel, enrich, redact, drop] as const;

describe('options of transforms', () => {
  test.each(definitions.map((one) => [one.type, one] as const))(
    '%s describes each option',
    (_type, definition) => {
      const schema = z.toJSONSchema(definition.options as z.ZodType, { io: 'input' }) as Schema;
      for (const [name, option] of Object.entries(schema.properties ?? {})) {
        expect([name, option.description]).toEqual([name, expect.stringMatching(/\.$/)]);
        expect([name, option.example ?? option.default]).not.toContain(undefined);
      }
      expect(schema.required ?? []).toEqual([]);
    },
  );

  test.each(definitions.map((one) => [one.type, one] as const))(
    '%s takes its own examples',
    (_type, definition) => {
      const options = definition.options as z.ZodType;
      const schema = z.toJSONSchema(options, { io: 'input' }) as Schema;
      for (const [name, { example }] of Object.entries(schema.properties ?? {})) {
        if (example === undefined) continue;
        expect(options.safeParse({ [name]: example })).toMatchObject({ success: true });
      }
    },
  );

  test.each([
    ['multiline', { start: '(' }, '"(" is no regular expression'],
    ['redact', [{ pattern: '(a+)+$' }], '"(a+)+$" could take forever'],
    ['drop', '/[/', '"[" is no regular expression'],
    ['drop', [{ message: '/(a|a)*$/' }], '"(a|a)*$" could take forever'],
  ])(
    '%s: %j is refused with the reason, although there are other ways to write the option',
    (name, value, reason) => {
      const result = chain.options.safeParse({ [name]: value });
      expect(result.error?.issues.map(({ message }) => message).join()).toContain(reason);
    },
  );
});
