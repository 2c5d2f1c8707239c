import { z } from 'zod';
import type { Definition } from '../../contracts/component.ts';
import type { Sink } from '../../contracts/sink.ts';
import { StdoutSink } from './stdout-sink.ts';

const stdoutOptions = z.strictObject({});

export const stdout: Definition<Sink, z.output<typeof stdoutOptions>> = {
  type: 'stdout',
  title: 'Standard output',
  description: 'Prints logs, one JSON object a line.',
  options: stdoutOptions,
  create: () => new StdoutSink(process.stdout),
};
