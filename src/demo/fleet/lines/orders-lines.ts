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

const MEMORY_WARNING_MILLIS = 120_000;

/** Spring Boot's logback format; a stack trace is a line an event, as the awslogs driver sends it. */
export const ordersLines: LinePrinter = {
  workload: 'orders',
  print(context) {
    const { tasks, random, second } = context;
    if (tasks.length === 0) return [];
    const entries = startedWithin(context).flatMap(startEntries);
    for (const request of context.requests) {
      if (request.kind !== 'checkout') continue;
      const task = pickOne(random, tasks);
      if (!request.failed) entries.push(placed(request, task, context));
      else if (random.next() < 0.45) entries.push(poolTimeout(request, task, context));
      else if (random.next() < 0.5) entries.push(slow(request, task, context));
    }
    // Now and then a fault of its own, so that a stack trace is to be found at any time.
    if (second % 97 === 11) entries.push(cardDeclined(pickOne(random, tasks), context));
    return [...entries, ...memoryEntries(context)];
  },
};

function placed(
  request: CustomerRequest,
  task: PlannedTask,
  { random, second }: SecondContext,
): PrintedEntry {
  const text = `Order ${request.orderId} placed by ${request.user} in ${Math.round(request.durationMillis / 2)} ms, trace ${request.traceId}`;
  return line(task, withinSecond(request.endsAtMillis - 9, second), random, 'INFO', CONTROLLER, text);
}

function slow(request: CustomerRequest, task: PlannedTask, { random, second }: SecondContext): PrintedEntry {
  const text = `Waited ${Math.round(request.durationMillis)} ms for a connection of HikariPool-1 (total=20, active=20, idle=0), trace ${request.traceId}`;
  return line(task, withinSecond(request.endsAtMillis - 8, second), random, 'WARN', POOL, text);
}

function poolTimeout(
  request: CustomerRequest,
  task: PlannedTask,
  { random, second }: SecondContext,
): PrintedEntry {
  const atMillis = withinSecond(request.endsAtMillis - 7, second);
  const head = `Order ${request.orderId} failed, trace ${request.traceId}`;
  const trace = [
    'org.springframework.transaction.CannotCreateTransactionException: Could not open JPA EntityManager for transaction',
    '\tat org.springframework.orm.jpa.JpaTransactionManager.doBegin(JpaTransactionManager.java:466)',
    '\tat org.springframework.transaction.support.AbstractPlatformTransactionManager.startTransaction(AbstractPlatformTransactionManager.java:532)',
    '\tat com.example.orders.OrderService$$SpringCGLIB$$0.place(<generated>)',
    '\tat com.example.orders.web.OrderController.create(OrderController.java:58)',
    '\tat java.base/java.lang.Thread.run(Thread.java:1583)',
    'Caused by: org.hibernate.exception.JDBCConnectionException: Unable to acquire JDBC Connection',
    '\tat org.hibernate.exception.internal.SQLStateConversionDelegate.convert(SQLStateConversionDelegate.java:98)',
    '\t... 5 common frames omitted',
    `Caused by: java.sql.SQLTransientConnectionException: HikariPool-1 - Connection is not available, request timed out after ${Math.round(request.durationMillis)}ms (total=20, active=20, idle=0, waiting=${randomInteger(random, 12, 70)})`,
    '\tat com.zaxxer.hikari.pool.HikariPool.createTimeoutException(HikariPool.java:686)',
    '\tat com.zaxxer.hikari.pool.HikariPool.getConnection(HikariPool.java:179)',
    '\t... 7 common frames omitted',
  ];
  return withTrace(line(task, atMillis, random, 'ERROR', CONTROLLER, head), trace);
}

function cardDeclined(task: PlannedTask, { random, second }: SecondContext): PrintedEntry {
  const atMillis = second * 1000 + randomInteger(random, 0, 1000);
  const order = randomInteger(random, 100_000, 999_999);
  return withTrace(line(task, atMillis, random, 'ERROR', PAYMENTS, `Payment of order ${order} was refused`), [
    'com.example.orders.PaymentRefusedException: card_declined: 余额不足',
    '\tat com.example.orders.PaymentClient.charge(PaymentClient.java:91)',
    '\tat com.example.orders.OrderService.place(OrderService.java:133)',
    '\tat com.example.orders.web.OrderController.create(OrderController.java:58)',
    '\t... 31 more',
  ]);
}

/** The two minutes before a task is killed for its memory. */
function memoryEntries({ tasks, second, random }: SecondContext): PrintedEntry[] {
  if (second % 10 !== 3) return [];
  return tasks.flatMap((task) => {
    const left = (task.end?.stopsAtMillis ?? Number.POSITIVE_INFINITY) - second * 1000;
    if (task.end?.cause !== 'out_of_memory' || left > MEMORY_WARNING_MILLIS) return [];
    const percent = Math.min(99, Math.round(99 - left / 8_000));
    const text = `Heap is at ${percent} % of 1536 MiB after a full collection of ${randomInteger(random, 900, 4200)} ms`;
    return [line(task, second * 1000 + 420, random, 'WARN', 'c.example.orders.health.HeapWatch', text)];
  });
}

function startEntries(task: PlannedTask): PrintedEntry[] {
  const random: Random = { next: () => 0 };
  const at = task.startedAtMillis;
  const banner = [
    '  .   ____          _            __ _ _',
    " /\\\\ / ___'_ __ _ _(_)_ __  __ _ \\ \\ \\ \\",
    ' =========|_|==============|___/=/_/_/_/',
    ' :: Spring Boot ::                (v3.5.7)',
  ];
  const main = 'com.example.orders.OrdersApplication';
  return [
    { task, container: 'orders', atMillis: at, lines: banner },
    line(task, at, random, 'INFO', main, 'Starting OrdersApplication v2.18.0 using Java 21.0.9 with PID 1'),
    line(task, at, random, 'INFO', POOL, 'HikariPool-1 - Start completed.'),
    line(task, at, random, 'INFO', main, 'Started OrdersApplication in 9.271 seconds'),
  ];
}

const CONTROLLER = 'c.example.orders.web.OrderController';
const PAYMENTS = 'c.example.orders.PaymentClient';
const POOL = 'com.zaxxer.hikari.pool.HikariPool';

function line(
  task: PlannedTask,
  atMillis: number,
  random: Random,
  level: string,
  logger: string,
  text: string,
): PrintedEntry {
  const thread = `nio-8080-exec-${randomInteger(random, 1, 11)}`;
  const head = `${isoTime(atMillis)} ${level.padStart(5)} 1 --- [orders] [${thread.padStart(16)}] ${logger.padEnd(40)} : `;
  return { task, container: 'orders', atMillis, lines: [head + text] };
}

function withTrace(entry: PrintedEntry, trace: readonly string[]): PrintedEntry {
  return { ...entry, lines: [...entry.lines, ...trace] };
}
