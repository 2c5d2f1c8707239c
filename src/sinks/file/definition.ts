import { resolve } from 'node:path';
import type { Definition } from '../../contracts/component.ts';
import type { Sink } from '../../contracts/sink.ts';
import { FileSink } from './file-sink.ts';
import { type FileOptions, fileOptions } from './options.ts';

export const file: Definition<Sink, FileOptions> = {
  type: 'file',
  title: 'File',
  description: 'Appends logs to a file, one JSON object a line, and rotates it.',
  options: fileOptions,
  create: (options, context) => new FileSink(resolve(context.dataDir, options.path), options, context),
};
