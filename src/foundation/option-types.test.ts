import { describe, expect, test } from 'vitest';
import { byteSizeOption, durationOption } from './option-types.ts';

const messageOf = (result: { error?: { issues: readonly { message: string }[] } | undefined }) =>
  result.error?.issues[0]?.message;

describe('a duration option', () => {
  const option = durationOption(1000, 3_600_000);
  test('becomes milliseconds, both bounds included', () => {
    expect(option.parse('1s')).toBe(1000);
    expect(option.parse('1h')).toBe(3_600_000);
  });
  test('names its bounds, and how a duration is written', () => {
    expect(messageOf(option.safeParse('61m'))).toBe('"61m" is not between 1s and 1h.');
    expect(messageOf(option.safeParse('10'))).toBe('"10" is no duration: write 10s, 5m or 2h30m.');
  });
});

describe('a size option', () => {
  const option = byteSizeOption(1024, 1024 ** 2);
  test('takes text and numbers of bytes', () => {
    expect(option.parse('1MiB')).toBe(1024 ** 2);
    expect(option.parse(2048)).toBe(2048);
  });
  test('names its bounds, and how a size is written', () => {
    expect(messageOf(option.safeParse('2MiB'))).toBe('"2MiB" is not between 1 KiB and 1 MiB.');
    expect(messageOf(option.safeParse('much'))).toBe('"much" is no size: write 512KiB, 5MiB or 1GiB.');
  });
});
