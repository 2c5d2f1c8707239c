import { z } from 'zod';
import { formatByteSize, parseByteSize } from './byte-size.ts';
import { formatDuration, parseDuration } from './duration.ts';

/** Text like `10s` in the configuration; milliseconds in the program. Both ends inclusive. */
export function durationOption(minMillis: number, maxMillis: number) {
  return z.string().transform((text, context): number => {
    const millis = parseDuration(text);
    if (millis !== undefined && millis >= minMillis && millis <= maxMillis) return millis;
    context.addIssue({
      code: 'custom',
      message:
        millis === undefined
          ? `"${text}" is no duration: write 10s, 5m or 2h30m.`
          : `"${text}" is not between ${formatDuration(minMillis)} and ${formatDuration(maxMillis)}.`,
    });
    return z.NEVER;
  });
}

/** Text like `5MiB`, or a number of bytes; bytes in the program. Both ends inclusive. */
export function byteSizeOption(minBytes: number, maxBytes: number) {
  return z.union([z.string(), z.number()]).transform((given, context): number => {
    const bytes = typeof given === 'number' ? given : parseByteSize(given);
    if (bytes !== undefined && bytes >= minBytes && bytes <= maxBytes) return Math.round(bytes);
    context.addIssue({
      code: 'custom',
      message:
        bytes === undefined
          ? `"${given}" is no size: write 512KiB, 5MiB or 1GiB.`
          : `"${given}" is not between ${formatByteSize(minBytes)} and ${formatByteSize(maxBytes)}.`,
    });
    return z.NEVER;
  });
}
