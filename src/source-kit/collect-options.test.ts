import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { collectOptions, collectSettings, everyOrSchedule } from './collect-options.ts';

const schema = z.strictObject(collectOptions).check(everyOrSchedule);

describe('the options of a pull source', () => {
  test('have defaults that look every ten seconds from a quarter of an hour ago', () => {
    expect(collectSettings(schema.parse({}))).toEqual({
      startBeforeMillis: 900_000,
      everyMillis: 10_000,
      idleEveryMillis: 60_000,
      maxLatenessMillis: 3_600_000,
      discoverEveryMillis: 60_000,
    });
  });
  test('take a schedule with its time zone in place of every', () => {
    const options = schema.parse({ schedule: '*/5 * * * *', time_zone: 'Asia/Shanghai', start_from: '0s' });
    expect(collectSettings(options)).toMatchObject({
      schedule: '*/5 * * * *',
      timeZone: 'Asia/Shanghai',
      startBeforeMillis: 0,
    });
  });
  test.each([
    { every: '10s', schedule: '* * * * *' },
    { time_zone: 'Asia/Shanghai' },
    { schedule: '* * * * *', time_zone: 'Mars/Base' },
    { schedule: 'often' },
    { every: '10' },
    { every: '0s' },
    { start_from: '15m' },
    { max_lateness: '15d' },
    { evry: '10s' },
  ])('refuse %j', (input) => expect(schema.safeParse(input).success).toBe(false));
  test('have a description each, and a JSON Schema for what is written', () => {
    const json = z.toJSONSchema(schema, { io: 'input' });
    for (const option of Object.values(json.properties ?? {})) expect(option).toHaveProperty('description');
    expect(json.properties).toMatchObject({ every: { type: 'string' }, max_lateness: { default: '1h' } });
  });
});
