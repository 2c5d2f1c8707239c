import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { cliCommand } from './share.ts';

test.each(['level:error "timed out"', "it's; rm -rf $HOME `id` \\", '-excluded', '中文\n两行'])(
  'a shell hands %j on as it is',
  (q) => {
    const command = cliCommand({ q, from: 0, to: 1000 });
    const words = execFileSync('sh', ['-c', command.replace('logferry', 'printf "%s\\0"')], {
      encoding: 'utf8',
    });
    expect(words.split('\0').slice(0, -1)).toEqual([
      'search',
      '--since',
      '1970-01-01T00:00:00.000Z',
      '--until',
      '1970-01-01T00:00:01.000Z',
      '--',
      q,
    ]);
  },
);
