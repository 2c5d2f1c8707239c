/**
 * A regular expression as an automaton, for judging it before it is used; never for matching. Assertions count as
 * empty, a back-reference as any one character, {n,m} as what it repeats, a few times or without end.
 */

/** Bit i = SAMPLES[i] matches. Classes are told apart by these characters only. */
export type CharSet = bigint;

export interface AutomatonState {
  /** Set on states that consume a character and then go to `to[0]`. */
  readonly consumes?: CharSet;
  readonly to: number[];
}

export interface Automaton {
  readonly states: readonly AutomatonState[];
  readonly start: number;
}

const SAMPLES = [
  ...Array.from({ length: 128 }, (_, code) => String.fromCharCode(code)),
  'é',
  'ß',
  '中',
  '\u2028',
];
const ALL: CharSet = (1n << BigInt(SAMPLES.length)) - 1n;
/** More repetitions than this are as bad as no bound. */
const FEW = 8;
const MAX_STATES = 20_000;

interface Fragment {
  readonly start: number;
  readonly end: number;
}

/** undefined = too large to be judged. The expression must compile. */
export function automatonOf(source: string): Automaton | undefined {
  const builder = new Builder(source);
  try {
    const { start } = builder.alternatives();
    return { states: builder.states, start };
  } catch (thrown) {
    if (thrown instanceof RangeError) return undefined;
    throw thrown;
  }
}

class Builder {
  readonly states: { consumes?: CharSet; to: number[] }[] = [];
  readonly #source: string;
  #at = 0;
  readonly #sets = new Map<string, CharSet>();

  constructor(source: string) {
    this.#source = source;
  }

  alternatives(): Fragment {
    const start = this.#state();
    const end = this.#state();
    do {
      const branch = this.#sequence();
      this.#link(start, branch.start);
      this.#link(branch.end, end);
    } while (this.#skip('|'));
    return { start, end };
  }

  #sequence(): Fragment {
    const start = this.#state();
    let end = start;
    while (this.#at < this.#source.length && !this.#sees('|') && !this.#sees(')')) {
      const from = this.#at;
      const first = this.#atom();
      const atomEnd = this.#at;
      const repeated = this.#repeat(first, from, atomEnd);
      this.#link(end, repeated.start);
      end = repeated.end;
    }
    return { start, end };
  }

  #atom(): Fragment {
    if (this.#skip('(')) {
      const isAssertion = /^\?<?[=!]/.test(this.#source.slice(this.#at, this.#at + 3));
      const opening = /^\?(?:<?[=!]|<[^>]*>|[a-z-]*:)/.exec(this.#source.slice(this.#at));
      this.#at += opening?.[0].length ?? 0;
      const inner = this.alternatives();
      this.#skip(')');
      if (!isAssertion) return inner;
      // Tried at its place and left again: what is inside is judged, and the way goes on beside it.
      const start = this.#state();
      const end = this.#state();
      this.#link(start, inner.start);
      this.#link(start, end);
      return { start, end };
    }
    const text = this.#atomText();
    this.#at += text.length;
    if (/^(?:[\^$]|\\[bB])$/.test(text)) return this.#empty();
    return this.#character(this.#setOf(text));
  }

  #atomText(): string {
    const rest = this.#source.slice(this.#at);
    const match =
      /^(?:\\(?:[xX][0-9a-fA-F]{2}|u\{[0-9a-fA-F]+\}|u[0-9a-fA-F]{4}|[pP]\{[^}]*\}|c[A-Za-z]|k<[^>]*>|\d+|[^])|\[\^?(?:\\[^]|[^\]\\])*\])/.exec(
        rest,
      );
    return match?.[0] ?? rest.slice(0, 1);
  }

  #repeat(fragment: Fragment, from: number, to: number): Fragment {
    const match = /^(?:[*+?]|\{(\d+)(,?)(\d*)\})\??/.exec(this.#source.slice(this.#at));
    if (match === null) return fragment;
    this.#at += match[0].length;
    const after = this.#at;
    const [least, most] = bounds(match);
    let result = this.#empty();
    const append = (next: Fragment) => {
      this.#link(result.end, next.start);
      result = { start: result.start, end: next.end };
    };
    const copy = (): Fragment => {
      this.#at = from;
      const made = this.#atom();
      if (this.#at !== to) throw new RangeError('Not the atom that was read first.');
      return made;
    };
    for (let count = 0; count < Math.min(least, FEW); count++) append(count === 0 ? fragment : copy());
    if (most > FEW) append(this.#loop(least === 0 ? fragment : copy()));
    else
      for (let count = least; count < most; count++) append(this.#optional(count === 0 ? fragment : copy()));
    this.#at = after;
    return result;
  }

  #loop(fragment: Fragment): Fragment {
    const hub = this.#state();
    this.#link(hub, fragment.start);
    this.#link(fragment.end, hub);
    const end = this.#state();
    this.#link(hub, end);
    return { start: hub, end };
  }

  #optional(fragment: Fragment): Fragment {
    const start = this.#state();
    this.#link(start, fragment.start);
    this.#link(start, fragment.end);
    return { start, end: fragment.end };
  }

  #empty(): Fragment {
    const state = this.#state();
    return { start: state, end: state };
  }

  #character(consumes: CharSet): Fragment {
    const end = this.#state();
    const start = this.#state();
    this.states[start] = { consumes, to: [end] };
    return { start, end };
  }

  /** Asks the engine itself what the atom matches. In both cases, as case may be ignored. */
  #setOf(atom: string): CharSet {
    const known = this.#sets.get(atom);
    if (known !== undefined) return known;
    let set = 0n;
    const matcher = /^\\(?:[1-9]|k<)/.test(atom) ? undefined : new RegExp(`^(?:${atom})$`, 'is');
    for (const [index, sample] of SAMPLES.entries()) {
      if (matcher === undefined || matcher.test(sample)) set |= 1n << BigInt(index);
    }
    this.#sets.set(atom, set === 0n ? 1n << 130n : set & ALL);
    return this.#sets.get(atom) ?? ALL;
  }

  #state(): number {
    if (this.states.length >= MAX_STATES) throw new RangeError('Too large.');
    return this.states.push({ to: [] }) - 1;
  }

  #link(from: number, to: number): void {
    this.states[from]?.to.push(to);
  }

  #sees(text: string): boolean {
    return this.#source.startsWith(text, this.#at);
  }

  #skip(text: string): boolean {
    if (!this.#sees(text)) return false;
    this.#at += text.length;
    return true;
  }
}

function bounds(match: RegExpExecArray): readonly [number, number] {
  const [text, least, comma, most] = match;
  if (least === undefined) {
    const sign = text.charAt(0);
    return [sign === '+' ? 1 : 0, sign === '?' ? 1 : Number.POSITIVE_INFINITY];
  }
  const from = Number(least);
  if (comma === '') return [from, from];
  return [from, most === '' || most === undefined ? Number.POSITIVE_INFINITY : Number(most)];
}
