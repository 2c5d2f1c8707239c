import type { Clock } from '../../../foundation/clock.ts';
import type { Random } from '../../../foundation/random.ts';
import { type FaultRule, isDeliveryFault, isPageFault } from './fault.ts';
import { type FaultPlan, planFaults } from './fault-plan.ts';
import { RateLimit } from './rate-limit.ts';

/** What a rule is matched with. */
export interface FaultSubject {
  readonly action: string;
  readonly region: string;
  readonly group: string | undefined;
  /** The action's replies come in pages. */
  readonly isPaged: boolean;
  readonly hasToken: boolean;
}

export interface FaultHandle {
  /** How many requests it has met. */
  readonly hits: number;
  remove(): void;
}

interface ActiveRule {
  readonly rule: FaultRule;
  readonly rates: RateLimit | undefined;
  toSkip: number;
  hits: number;
}

/** The misbehaviour that was ordered. Rules may come and go while the endpoint runs. */
export class FaultBook {
  readonly #clock: Clock;
  readonly #random: Random;
  #rules: ActiveRule[] = [];
  #skewMillis = 0;

  constructor(clock: Clock, random: Random) {
    this.#clock = clock;
    this.#random = random;
  }

  add(rule: FaultRule): FaultHandle {
    const active: ActiveRule = {
      rule,
      rates: rateLimitOf(rule, this.#clock),
      toSkip: rule.skip ?? 0,
      hits: 0,
    };
    this.#rules.push(active);
    return {
      get hits() {
        return active.hits;
      },
      remove: () => {
        this.#rules = this.#rules.filter((other) => other !== active);
      },
    };
  }

  /** Takes all rules away and sets the clock right. */
  clear(): void {
    this.#rules = [];
    this.#skewMillis = 0;
  }

  /** The endpoint's clock goes this much ahead: its Date header, and the time that signatures are held against. */
  skewClock(millis: number): void {
    this.#skewMillis = millis;
  }

  get skewMillis(): number {
    return this.#skewMillis;
  }

  /** Draws for one request. Of the rules that answer in the operation's place only the first one counts, and is counted. */
  draw(subject: FaultSubject): FaultPlan {
    const drawn: FaultRule[] = [];
    let isAnswered = false;
    for (const active of this.#rules) {
      const isInstead = !isPageFault(active.rule) && !isDeliveryFault(active.rule);
      if (isInstead && isAnswered) continue;
      if (!this.#strikes(active, subject)) continue;
      active.hits++;
      isAnswered ||= isInstead;
      drawn.push(active.rule);
    }
    return planFaults(drawn);
  }

  #strikes(active: ActiveRule, subject: FaultSubject): boolean {
    const { rule } = active;
    if (active.hits >= (rule.times ?? Number.POSITIVE_INFINITY) || !isFor(rule, subject)) return false;
    if (active.toSkip > 0) {
      active.toSkip--;
      return false;
    }
    if (rule.probability !== undefined && this.#random.next() >= rule.probability) return false;
    return active.rates === undefined || !active.rates.take(`${subject.region} ${subject.action}`);
  }
}

function isFor(rule: FaultRule, subject: FaultSubject): boolean {
  const actions = typeof rule.action === 'string' ? [rule.action] : rule.action;
  if (actions !== undefined && !actions.includes(subject.action)) return false;
  if (rule.region !== undefined && rule.region !== subject.region) return false;
  if (rule.group !== undefined && rule.group !== subject.group) return false;
  if (isPageFault(rule)) return subject.isPaged;
  return rule.kind !== 'expired-token' || subject.hasToken;
}

function rateLimitOf(rule: FaultRule, clock: Clock): RateLimit | undefined {
  if (rule.kind !== 'throttle' || rule.perSecond === undefined) return undefined;
  return new RateLimit(rule.perSecond, rule.burst ?? Math.max(1, Math.ceil(rule.perSecond)), clock);
}
