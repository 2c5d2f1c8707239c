import { pickOne, randomInteger } from '../../../foundation/random.ts';
import type { PlannedTask } from '../planned-task.ts';
import { isoTime, type LinePrinter, type PrintedEntry, type SecondContext } from './printed-entry.ts';

const ESCAPE = '\u001b[';
const COLOURS = { INFO: '32', WARNING: '33', ERROR: '31', DEBUG: '36' } as const;
const JOBS = ['thumbnails', 'daily-sales', 'stock-sync', 'mail-digest', '库存同步'];

/** Two containers, both with colours as on a terminal: `jobs` is Python, `mailer` is Node. */
export const workerLines: LinePrinter = {
  workload: 'worker',
  print(context) {
    const task = context.tasks[0];
    if (task === undefined) return [];
    return [...jobEntries(task, context), ...mailEntries(task, context)];
  },
};

function jobEntries(task: PlannedTask, { random, second, intensity }: SecondContext): PrintedEntry[] {
  const atMillis = second * 1000 + randomInteger(random, 0, 1000);
  // The cause of the incident: a report that holds the connections which checkout-api and orders wait for.
  if (intensity > 0 && second % 15 === 0) {
    const text = `report daily-sales holds ${Math.round(8 + intensity * 70)} connections of orders-db-1 (limit 80)`;
    return [python(task, atMillis, 'WARNING', 'jobs.report', text)];
  }
  if (second % 61 === 17) return [traceback(task, atMillis, randomInteger(random, 1000, 9999))];
  const share = random.next();
  if (share > 0.55) return [];
  const job = `${pickOne(random, JOBS)}#${randomInteger(random, 1000, 9999)}`;
  if (share < 0.03)
    return [python(task, atMillis, 'WARNING', 'jobs.runner', `${job} will be tried again in 30 s`)];
  if (share < 0.15) return [python(task, atMillis, 'DEBUG', 'jobs.queue', `took ${job} from the queue`)];
  const seconds = (random.next() * 4).toFixed(2);
  return [python(task, atMillis, 'INFO', 'jobs.runner', `${job} done in ${seconds} s`)];
}

function traceback(task: PlannedTask, atMillis: number, job: number): PrintedEntry {
  const head = python(task, atMillis, 'ERROR', 'jobs.runner', `thumbnails#${job} failed`);
  return {
    ...head,
    lines: [
      ...head.lines,
      'Traceback (most recent call last):',
      '  File "/app/jobs/runner.py", line 88, in run',
      '    result = job.execute(payload)',
      '             ^^^^^^^^^^^^^^^^^^^^',
      '  File "/app/jobs/thumbnails.py", line 41, in execute',
      '    image = Image.open(path)',
      '  File "/usr/local/lib/python3.13/site-packages/PIL/Image.py", line 3560, in open',
      '    raise UnidentifiedImageError(msg)',
      `PIL.UnidentifiedImageError: cannot identify image file '/tmp/upload-${job}.webp'`,
    ],
  };
}

function python(
  task: PlannedTask,
  atMillis: number,
  level: keyof typeof COLOURS,
  logger: string,
  text: string,
): PrintedEntry {
  const time = isoTime(atMillis).slice(0, 23).replace('T', ' ').replace('.', ',');
  const line = `${ESCAPE}2m${time}${ESCAPE}0m ${ESCAPE}${COLOURS[level]}m${level.padEnd(7)}${ESCAPE}0m ${logger}: ${text}`;
  return { task, container: 'jobs', atMillis, lines: [line] };
}

function mailEntries(task: PlannedTask, { random, second }: SecondContext): PrintedEntry[] {
  const atMillis = second * 1000 + randomInteger(random, 0, 1000);
  const time = isoTime(atMillis).slice(11, 23);
  const head = (colour: string, level: string) => `[${time}] ${ESCAPE}${colour}m${level}${ESCAPE}39m (1): `;
  if (second % 173 === 29) {
    const lines = [
      `${head('31', 'ERROR')}${ESCAPE}36mcould not send mail${ESCAPE}39m`,
      'Error: connect ECONNREFUSED 10.0.14.25:587',
      '    at TCPConnectWrap.afterConnect [as oncomplete] (node:net:1637:16)',
      '    at async SmtpClient.connect (file:///app/src/smtp-client.js:52:5)',
      '    at async deliver (file:///app/src/deliver.js:31:3)',
    ];
    return [{ task, container: 'mailer', atMillis, lines }];
  }
  if (random.next() > 0.3) return [];
  const text = `mail ${randomInteger(random, 10_000, 99_999)} sent in ${randomInteger(random, 20, 400)} ms ✉️`;
  return [
    { task, container: 'mailer', atMillis, lines: [`${head('32', 'INFO')}${ESCAPE}36m${text}${ESCAPE}39m`] },
  ];
}
