import type { LogBackend } from '../api/logs/log-backend.ts';
import type { LoadedConfig } from '../config/loaded-config.ts';
import type { Clock } from '../foundation/clock.ts';
import { LogferryError } from '../foundation/logferry-error.ts';
import { didYouMean } from '../foundation/nearest-name.ts';
import type { Engine } from './engine.ts';

const STORE_TYPE = 'store';

/** The log stores of whatever configuration is in place. */
export function logBackendOf(engine: Engine, clock: Clock): LogBackend {
  return {
    now: () => clock.now(),
    stores: () => storeIds(engine.config),
    store: (wanted) => {
      const id = requireStore(engine.config, wanted);
      return { id, logs: engine.components.logStore(id) };
    },
  };
}

/** Ids of the destinations that are log stores, in the order of the configuration. */
export function storeIds({ destinations }: Pick<LoadedConfig, 'destinations'>): readonly string[] {
  return destinations.filter(({ definition }) => definition.type === STORE_TYPE).map(({ id }) => id);
}

/** The store that is asked for, or the first one; says how to get one where there is none. */
export function requireStore(config: Pick<LoadedConfig, 'destinations'>, wanted: string | undefined): string {
  const ids = storeIds(config);
  const [first] = ids;
  if (first === undefined) {
    throw new LogferryError('STORE_NOT_CONFIGURED', 'No destination of the configuration is a log store.', {
      hint: 'Add one to `destinations`, such as `local: { type: store, inputs: [<id of a source or transform>] }`; what is delivered from then on can be searched.',
    });
  }
  if (wanted === undefined || ids.includes(wanted)) return wanted ?? first;
  throw new LogferryError(
    'STORE_NOT_CONFIGURED',
    `No destination "${wanted}" is a log store.${didYouMean(wanted, ids)}`,
    { hint: `Log stores that there are: ${ids.join(', ')}.` },
  );
}
