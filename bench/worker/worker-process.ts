// A process that runs one scenario once. Arguments: its name, and its surroundings as JSON.
import { scenarioNamed } from '../scenarios/scenarios.ts';
import { startMeter } from './meter.ts';
import type { WorkerResult } from './run-worker.ts';
import type { LiveSurroundings, Opened, ResumedSurroundings, Surroundings } from './scenario.ts';

// Ctrl-C reaches the whole group of processes; the benchmark ends this one, and when it is gone nobody wants the result.
process.on('SIGINT', () => {});
process.on('disconnect', () => process.exit(1));

const [name = '', surroundings = '{}'] = process.argv.slice(2);
const opened = await open();
const endMeasuring = startMeter();
const done = await opened.run();
const result: WorkerResult = { ...endMeasuring(), ...done };
await opened.close();
process.send?.(result, () => process.exit(0));

function open(): Promise<Opened> {
  const told: unknown = JSON.parse(surroundings);
  const scenario = scenarioNamed(name);
  switch (scenario.kind) {
    case 'backlog':
      return scenario.open(told as Surroundings);
    case 'live':
      return scenario.open(told as LiveSurroundings);
    case 'resumed':
      return scenario.open(told as ResumedSurroundings);
    case 'program':
      throw new Error(`${name} is a program of its own.`);
  }
}
