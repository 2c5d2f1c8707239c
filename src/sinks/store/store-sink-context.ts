import type { ComponentContext } from '../../contracts/component.ts';
import type { LogStore } from '../../contracts/log-store.ts';

/** What the `store` sink is given: the log store of the destination of that id. Whoever gives it closes it. */
export interface StoreSinkContext extends ComponentContext {
  readonly logStore: (id: string) => LogStore;
}
