import { pickOne, type Random, randomInteger } from '../../../foundation/random.ts';
import type { PlannedTask } from '../planned-task.ts';
import type { CustomerRequest } from '../traffic.ts';
import {
  isoTime,
  type LinePrinter,
  type PrintedEntry,
  type SecondContext,
  startedWithin,
  withinSecond,
} from './printed-entry.ts';

const POOL_SIZE = 20;

/** One JSON object a line; during the incident its database pool is exhausted. */
export const checkoutApiLines: LinePrinter = {
  workload: 'checkout-api',
  print(context) {
    const { tasks } = context;
    if (tasks.length === 0) return [];
    const entries = [...startedWithin(context).flatMap(startEntries), ...routerEntries(context)];
    for (const request of context.requests) {
      if (request.kind === 'page') continue;
      entries.push(...requestEntries(request, pickOne(context.random, tasks), context));
    }
    return [...entries, ...poolEntries(context)];
  },
};

function requestEntries(
  request: CustomerRequest,
  task: PlannedTask,
  { random, second }: SecondContext,
): PrintedEntry[] {
  const common = {
    trace_id: request.traceId,
    user: request.user,
    method: request.method,
    path: request.path,
  };
  const atMillis = withinSecond(request.endsAtMillis - 4, second);
  if (request.failed) {
    const details = {
      ...common,
      status: 503,
      dur: request.durationMillis,
      err: { code: 'ERR_POOL_TIMEOUT', message: 'timeout exceeded when trying to connect' },
    };
    return [entry(task, atMillis, 'error', 'could not get a connection from the pool', details)];
  }
  const details = { ...common, status: 200, dur: request.durationMillis };
  if (request.kind === 'cart') return [entry(task, atMillis, 'info', 'cart shown', details)];
  return [entry(task, atMillis, 'info', ...checkoutMessage(request, random, details))];
}

function checkoutMessage(request: CustomerRequest, random: Random, details: object): [string, object] {
  const amount = randomInteger(random, 900, 90_000) / 100;
  const share = random.next();
  if (share < 0.08)
    return [`支付成功，订单 ${request.orderId} 已提交`, { ...details, amount, currency: 'CNY' }];
  if (share < 0.1)
    return ['库存不足，已通知仓库', { ...details, sku: `茶-${randomInteger(random, 10, 99)}` }];
  return ['checkout completed', { ...details, order_id: request.orderId, amount, currency: 'EUR' }];
}

/** What leads a person from the errors to their cause. */
function poolEntries({ random, second, intensity, tasks }: SecondContext): PrintedEntry[] {
  const task = tasks[second % tasks.length];
  if (task === undefined) return [];
  const atMillis = second * 1000 + randomInteger(random, 0, 1000);
  if (intensity > 0 && second % 5 === 0) {
    const pool = { size: POOL_SIZE, idle: 0, waiting: Math.round(3 + intensity * 60) };
    return [entry(task, atMillis, 'warn', 'database pool exhausted', { pool, database: 'orders-db-1' })];
  }
  if (second % 30 !== 7) return [];
  const idle = randomInteger(random, 9, 17);
  return [entry(task, atMillis, 'debug', 'pool statistics', { pool: { size: POOL_SIZE, idle, waiting: 0 } })];
}

function startEntries(task: PlannedTask): PrintedEntry[] {
  const at = task.startedAtMillis;
  return [
    entry(task, at, 'info', 'listening', { port: 3000, node: 'v24.21.0', revision: task.revision }),
    entry(task, at, 'info', 'database pool opened', { pool: { size: POOL_SIZE }, database: 'orders-db-1' }),
  ];
}

/** The FireLens router's own words; what it forwards for `audit` is not in CloudWatch. */
function routerEntries({ second, tasks }: SecondContext): PrintedEntry[] {
  if (second % 60 !== 31) return [];
  return tasks.map((task, index) => {
    const atMillis = second * 1000 + 111 * (index + 1);
    const time = isoTime(atMillis).slice(0, 19).replace('T', ' ').replaceAll('-', '/');
    const line = `[${time}] [ info] [output:s3:s3.1] Successfully uploaded object /audit/${task.id.slice(0, 8)}-${second}`;
    return { task, container: 'log-router', atMillis, lines: [line] };
  });
}

function entry(
  task: PlannedTask,
  atMillis: number,
  level: string,
  msg: string,
  details: object,
): PrintedEntry {
  const line = JSON.stringify({ time: isoTime(atMillis), level, msg, ...details });
  return { task, container: 'app', atMillis, lines: [line] };
}
