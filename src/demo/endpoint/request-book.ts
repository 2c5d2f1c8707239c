import type { Parameters } from './request-input.ts';

export interface RequestRecord {
  readonly atMillis: number;
  readonly service: string;
  readonly action: string;
  readonly region: string;
  /** As they were sent, except that the events of PutLogEvents are left out. */
  readonly parameters: Parameters;
  /** `ok`, the error's code, or what a fault made of the reply, such as `reset`. */
  readonly outcome: string;
}

/** What was asked of the endpoint, and what came of it: counted for ever, and the latest kept. */
export class RequestBook {
  readonly #counts = new Map<string, Map<string, number>>();
  readonly #recent: RequestRecord[] = [];
  readonly #keep: number;

  constructor(keep: number) {
    this.#keep = keep;
  }

  record(request: RequestRecord): void {
    const outcomes = this.#counts.get(request.action) ?? new Map<string, number>();
    this.#counts.set(request.action, outcomes);
    outcomes.set(request.outcome, (outcomes.get(request.outcome) ?? 0) + 1);
    if (this.#keep === 0) return;
    this.#recent.push(withoutEvents(request));
    // Cut in one piece now and then: a shift for each request would move the whole list.
    if (this.#recent.length >= this.#keep * 2) this.#recent.splice(0, this.#recent.length - this.#keep);
  }

  /** How often an action was asked for; with an outcome, how often it ended so. */
  count(action: string, outcome?: string): number {
    const outcomes = this.#counts.get(action);
    if (outcomes === undefined) return 0;
    if (outcome !== undefined) return outcomes.get(outcome) ?? 0;
    return [...outcomes.values()].reduce((sum, count) => sum + count, 0);
  }

  /** Action → outcome → how often. */
  counts(): Record<string, Record<string, number>> {
    return Object.fromEntries(
      [...this.#counts].map(([action, outcomes]) => [action, Object.fromEntries(outcomes)]),
    );
  }

  /** The latest requests, oldest first. */
  get recent(): readonly RequestRecord[] {
    return this.#keep === 0 ? [] : this.#recent.slice(-this.#keep);
  }

  clear(): void {
    this.#counts.clear();
    this.#recent.length = 0;
  }
}

function withoutEvents(request: RequestRecord): RequestRecord {
  if (request.parameters.logEvents === undefined) return request;
  const { logEvents: _events, ...parameters } = request.parameters;
  return { ...request, parameters };
}
