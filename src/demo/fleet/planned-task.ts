import {
  type ContainerLayout,
  WORKLOADS,
  type WorkloadLayout,
  type WorkloadName,
  workloadLayout,
} from './fleet-layout.ts';
import { hexFor } from './seeded.ts';
import { type Replacement, replacement } from './timeline.ts';

/** How long a task was up before the first replacement of its slot. */
const OLD_TASK_MILLIS = 3 * 24 * 60 * 60_000;
/** From a task's creation until its containers run. */
const STARTING_MILLIS = 22_000;
/** How long ECS goes on showing a stopped task. */
const STOPPED_SHOWN_MILLIS = 60 * 60_000;

/** One task of the fleet over its whole life; a pure function of the seed and the start of the demo. */
export interface PlannedTask {
  readonly workload: WorkloadName;
  readonly slot: number;
  /** 0 is the first one of its slot. */
  readonly generation: number;
  readonly id: string;
  readonly revision: number;
  readonly createdAtMillis: number;
  readonly startedAtMillis: number;
  /** Absent for a task that runs on. */
  readonly end?: Replacement;
}

export interface FleetSeed {
  readonly seed: number;
  /** When the demo was started; whole seconds. */
  readonly startMillis: number;
}

export class TaskPlan {
  readonly #fleet: FleetSeed;
  readonly #slots = new Map<string, PlannedTask[]>();

  constructor(fleet: FleetSeed) {
    this.#fleet = fleet;
  }

  /** Tasks whose containers run at that moment: started, not yet stopped. */
  running(workload: WorkloadName, atMillis: number): readonly PlannedTask[] {
    return this.#known(workload, atMillis).filter(
      (task) =>
        task.startedAtMillis <= atMillis && (task.end === undefined || atMillis < task.end.stopsAtMillis),
    );
  }

  /** Tasks that ECS shows at that moment: also those that are starting, and for an hour those that stopped. */
  shown(atMillis: number): readonly PlannedTask[] {
    return WORKLOADS.flatMap((workload) => this.#known(workload.name, atMillis)).filter(
      (task) =>
        task.createdAtMillis <= atMillis &&
        (task.end === undefined || atMillis < task.end.stopsAtMillis + STOPPED_SHOWN_MILLIS),
    );
  }

  #known(workload: WorkloadName, atMillis: number): PlannedTask[] {
    const layout = workloadLayout(workload);
    const known: PlannedTask[] = [];
    for (let slot = 0; slot < layout.desiredCount; slot++) known.push(...this.#slot(layout, slot, atMillis));
    return known;
  }

  /** All tasks of a slot that were created until then. Grows by one a replacement: a few dozen a day. */
  #slot(layout: WorkloadLayout, slot: number, atMillis: number): readonly PlannedTask[] {
    const key = `${layout.name}/${slot}`;
    let tasks = this.#slots.get(key);
    if (tasks === undefined) {
      tasks = [this.#task(layout, slot, 0)];
      this.#slots.set(key, tasks);
    }
    for (;;) {
      const end = tasks.at(-1)?.end;
      if (end === undefined || end.nextStartsAtMillis - STARTING_MILLIS > atMillis) return tasks;
      tasks.push(this.#task(layout, slot, tasks.length));
    }
  }

  #task(layout: WorkloadLayout, slot: number, generation: number): PlannedTask {
    const { seed, startMillis } = this.#fleet;
    const end = replacement(startMillis, layout.name, slot, generation);
    const before = generation === 0 ? undefined : replacement(startMillis, layout.name, slot, generation - 1);
    const startedAtMillis = before?.nextStartsAtMillis ?? startMillis - OLD_TASK_MILLIS + slot * 7_013;
    const revisions = layout.revisions;
    const isOld = end?.cause === 'deployment';
    return {
      workload: layout.name,
      slot,
      generation,
      id: hexFor(seed, `task/${startMillis}/${layout.name}/${slot}/${generation}`, 32),
      revision: (isOld ? revisions.at(-2) : undefined) ?? revisions.at(-1) ?? 1,
      createdAtMillis: startedAtMillis - STARTING_MILLIS,
      startedAtMillis,
      ...(end === undefined ? {} : { end }),
    };
  }
}

/** As the container runtime calls it: Docker's id on EC2, `taskId-number` on Fargate. */
export function runtimeId(task: PlannedTask, container: ContainerLayout, seed: number): string {
  if (workloadLayout(task.workload).launchType === 'EC2') {
    return hexFor(seed, `container/${task.id}/${container.name}`, 64);
  }
  const number = Number.parseInt(hexFor(seed, `container/${task.id}/${container.name}`, 8), 16);
  return `${task.id}-${String(number % 4_294_967_296).padStart(10, '0')}`;
}

/** The stream as the awslogs driver names it; undefined for a container that logs elsewhere. */
export function logStreamName(
  task: PlannedTask,
  container: ContainerLayout,
  seed: number,
): string | undefined {
  if (container.logging.driver !== 'awslogs') return undefined;
  const { prefix } = container.logging;
  return prefix === undefined ? runtimeId(task, container, seed) : `${prefix}/${container.name}/${task.id}`;
}
