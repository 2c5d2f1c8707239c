import type { Definition } from '../../contracts/component.ts';
import type { Sink } from '../../contracts/sink.ts';
import { type StoreOptions, storeOptions } from './options.ts';
import { StoreSink } from './store-sink.ts';
import type { StoreSinkContext } from './store-sink-context.ts';

export const store: Definition<Sink, StoreOptions, StoreSinkContext> = {
  type: 'store',
  title: 'Local store',
  description: 'Keeps logs in the embedded log store, to be searched on this machine.',
  options: storeOptions,
  create: (options, context) => new StoreSink(options, context),
};
