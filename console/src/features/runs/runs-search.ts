import { RUN_STATES, type RunState } from '../../../../src/contracts/run.ts';

/** What the address of the page holds: filters, and the run that is open. */
export interface RunsSearch {
  readonly source?: string;
  readonly state?: RunState;
  readonly run?: string;
}

/** Whatever stands in an address; what is not understood is left out. */
export function readRunsSearch(search: Readonly<Record<string, unknown>>): RunsSearch {
  const { source, state, run } = search;
  return {
    ...(typeof source === 'string' && source !== '' && { source }),
    ...(RUN_STATES.includes(state as RunState) && { state: state as RunState }),
    ...(typeof run === 'string' && run !== '' && { run }),
  };
}
