import { datakit } from '../sinks/datakit/definition.ts';
import { dataway } from '../sinks/dataway/definition.ts';
import { file } from '../sinks/file/definition.ts';
import { stdout } from '../sinks/stdout/definition.ts';
import { store } from '../sinks/store/definition.ts';
import type { SinkDefinition } from './catalogue.ts';

/** Every sink that a destination can be made of: one line each. */
export const sinkTypes: readonly SinkDefinition[] = [datakit, dataway, store, file, stdout];
