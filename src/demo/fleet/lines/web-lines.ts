import { pickOne, randomInteger } from '../../../foundation/random.ts';
import type { PlannedTask } from '../planned-task.ts';
import type { CustomerRequest } from '../traffic.ts';
import { type LinePrinter, type PrintedEntry, type SecondContext, startedWithin } from './printed-entry.ts';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** nginx: the access log in the combined format, and the error log on the same stream. */
export const webLines: LinePrinter = {
  workload: 'web',
  print(context) {
    const { tasks, random, second } = context;
    if (tasks.length === 0) return [];
    const entries = [...startedWithin(context).flatMap(startEntries), ...healthChecks(context)];
    for (const request of context.requests) {
      const task = pickOne(random, tasks);
      entries.push(access(request, task, context));
      if (request.failed && random.next() < 0.4) entries.push(upstreamError(request, task, context));
    }
    return [...entries, ...stopEntries(tasks, second)];
  },
};

function access(request: CustomerRequest, task: PlannedTask, { random }: SecondContext): PrintedEntry {
  const status = statusOf(request, random.next());
  const bytes = status === 304 ? 0 : status >= 500 ? 157 : randomInteger(random, 180, 42_000);
  const referrer = request.kind === 'page' && random.next() < 0.5 ? '-' : 'https://shop.example.com/';
  const line = `${request.address} - - [${localTime(request.endsAtMillis)}] "${request.method} ${request.path} HTTP/1.1" ${status} ${bytes} "${referrer}" "${request.agent}"`;
  return { task, container: 'nginx', atMillis: request.endsAtMillis, lines: [line] };
}

function statusOf(request: CustomerRequest, share: number): number {
  if (request.failed) return share < 0.85 ? 502 : 504;
  if (request.kind !== 'page') return 200;
  if (share < 0.1) return 304;
  if (share < 0.13) return 404;
  return 200;
}

function upstreamError(request: CustomerRequest, task: PlannedTask, { random }: SecondContext): PrintedEntry {
  const connection = randomInteger(random, 10_000, 99_999);
  const line = `${errorTime(request.endsAtMillis)} [error] 29#29: *${connection} upstream prematurely closed connection while reading response header from upstream, client: ${request.address}, server: shop.example.com, request: "${request.method} ${request.path} HTTP/1.1", upstream: "http://10.0.12.41:3000${request.path}", host: "shop.example.com"`;
  return { task, container: 'nginx', atMillis: request.endsAtMillis, lines: [line] };
}

function healthChecks({ tasks, second }: SecondContext): PrintedEntry[] {
  if (second % 30 !== 0) return [];
  return tasks.map((task, index) => {
    const atMillis = second * 1000 + 40 + index * 17;
    const line = `10.0.12.7 - - [${localTime(atMillis)}] "GET /healthz HTTP/1.1" 200 2 "-" "ELB-HealthChecker/2.0"`;
    return { task, container: 'nginx', atMillis, lines: [line] };
  });
}

function startEntries(task: PlannedTask): PrintedEntry[] {
  const atMillis = task.startedAtMillis;
  const lines = [
    '/docker-entrypoint.sh: Configuration complete; ready for start up',
    `${errorTime(atMillis)} [notice] 1#1: nginx/1.29.3`,
    `${errorTime(atMillis)} [notice] 1#1: start worker processes`,
  ];
  return lines.map((line) => ({ task, container: 'nginx', atMillis, lines: [line] }));
}

function stopEntries(tasks: readonly PlannedTask[], second: number): PrintedEntry[] {
  return tasks
    .filter((task) => Math.floor((task.end?.stopsAtMillis ?? 0) / 1000) - 1 === second)
    .map((task) => {
      const atMillis = second * 1000 + 990;
      const line = `${errorTime(atMillis)} [notice] 1#1: signal 15 (SIGTERM) received, exiting`;
      return { task, container: 'nginx', atMillis, lines: [line] };
    });
}

/** `23/Nov/2026:18:04:59 +0000` */
function localTime(atMillis: number): string {
  const iso = new Date(atMillis).toISOString();
  return `${iso.slice(8, 10)}/${MONTHS[Number(iso.slice(5, 7)) - 1]}/${iso.slice(0, 4)}:${iso.slice(11, 19)} +0000`;
}

/** `2026/11/23 18:04:59` */
function errorTime(atMillis: number): string {
  return new Date(atMillis).toISOString().slice(0, 19).replace('T', ' ').replaceAll('-', '/');
}
