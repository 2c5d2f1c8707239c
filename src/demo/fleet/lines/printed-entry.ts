import type { Random } from '../../../foundation/random.ts';
import type { WorkloadName } from '../fleet-layout.ts';
import type { PlannedTask } from '../planned-task.ts';
import type { CustomerRequest } from '../traffic.ts';

/** What a container wrote at one moment: one event a line, as the awslogs driver sends it. */
export interface PrintedEntry {
  readonly task: PlannedTask;
  readonly container: string;
  /** Within the second that it was made for. */
  readonly atMillis: number;
  readonly lines: readonly string[];
}

export interface SecondContext {
  readonly second: number;
  /** For this service and second alone. */
  readonly random: Random;
  /** Of the incident, 0 to 1. */
  readonly intensity: number;
  readonly requests: readonly CustomerRequest[];
  /** Running during this second; never the ones still starting. */
  readonly tasks: readonly PlannedTask[];
}

/** Prints a service's second. May not keep anything from one second to the next. */
export interface LinePrinter {
  readonly workload: WorkloadName;
  print(context: SecondContext): readonly PrintedEntry[];
}

/** The tasks that started within this second. */
export function startedWithin(context: SecondContext): readonly PlannedTask[] {
  return context.tasks.filter((task) => Math.floor(task.startedAtMillis / 1000) === context.second);
}

export function withinSecond(atMillis: number, second: number): number {
  return Math.min(Math.max(Math.round(atMillis), second * 1000), second * 1000 + 999);
}

export function isoTime(atMillis: number): string {
  return new Date(atMillis).toISOString();
}
