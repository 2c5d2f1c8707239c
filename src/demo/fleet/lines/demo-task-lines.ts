import type { LinePrinter, PrintedEntry } from './printed-entry.ts';

/** 60 s hold exactly eight of them: whatever half-open minute is read, the answer is 8. */
export const DEMO_TASK_STEP_MILLIS = 7_500;
/** Beside the whole and half seconds, so that also a closed minute that ends on a whole second holds eight. */
const PHASE_MILLIS = 3_217;

const STEPS = [
  'Fetching the price list',
  'Price list is up to date',
  'Reserving stock 为订单预留库存',
  'Stock reserved',
  'Calling the carrier',
  'Label printed',
  'Writing the receipt',
  'Waiting for the next order',
];

/** The standalone task whose group the very first collection reads. */
export const demoTaskLines: LinePrinter = {
  workload: 'demo-task',
  print({ second, tasks }) {
    const task = tasks[0];
    if (task === undefined) return [];
    const entries: PrintedEntry[] = [];
    const first = Math.ceil((second * 1000 - PHASE_MILLIS) / DEMO_TASK_STEP_MILLIS);
    for (let step = first; ; step++) {
      const atMillis = step * DEMO_TASK_STEP_MILLIS + PHASE_MILLIS;
      if (atMillis >= (second + 1) * 1000) return entries;
      const text = `${new Date(atMillis).toISOString()} INFO demo-task[1]: ${STEPS[step % STEPS.length]} (step ${step})`;
      entries.push({ task, container: 'demo', atMillis, lines: [text] });
    }
  },
};
