import { type Automaton, automatonOf } from './pattern-automaton.ts';

/** An expression that takes more steps than this to judge is refused like a bad one. */
const MAX_STEPS = 400_000;

/**
 * Whether some text takes the expression time that grows exponentially with its length: when, from one place within
 * it, the same text leads back to that place in two ways. Two such ways are found in the graph of pairs of places
 * (Weber and Seidl, On the degree of ambiguity of finite automata, 1991). Growth by a power is not found: the length
 * of the text is bounded instead.
 */
export function mayBacktrackWithoutEnd(source: string): boolean {
  const automaton = automatonOf(source);
  if (automaton === undefined) return true;
  const steps = { left: MAX_STEPS };
  const places = placesOf(automaton, steps);
  if (places === undefined) return true;
  return isAmbiguousInLoop(automaton, places, steps);
}

/** By consuming state: the consuming states that come next, and in how many ways (2 = several). */
type Places = ReadonlyMap<number, ReadonlyMap<number, number>>;

function placesOf({ states }: Automaton, steps: { left: number }): Places | undefined {
  const places = new Map<number, Map<number, number>>();
  for (const [index, state] of states.entries()) {
    if (state.consumes === undefined) continue;
    const next = new Map<number, number>();
    const onPath = new Set<number>();
    const walk = (at: number): void => {
      // A loop whose round may be empty, as in (a*)* and (a?b?)*: nearly always ambiguous, and never needed.
      if (onPath.has(at)) steps.left = 0;
      if (steps.left-- <= 0) return;
      if (states[at]?.consumes !== undefined) {
        next.set(at, Math.min(2, (next.get(at) ?? 0) + 1));
        return;
      }
      onPath.add(at);
      for (const to of states[at]?.to ?? []) walk(to);
      onPath.delete(at);
    };
    for (const to of state.to) walk(to);
    places.set(index, next);
  }
  return steps.left > 0 ? places : undefined;
}

function isAmbiguousInLoop({ states }: Automaton, places: Places, steps: { left: number }): boolean {
  const size = states.length;
  const nextPairs = (pair: number): number[] => {
    const left = Math.floor(pair / size);
    const right = pair % size;
    const common = (states[left]?.consumes ?? 0n) & (states[right]?.consumes ?? 0n);
    if (common === 0n) return [];
    const pairs: number[] = [];
    for (const a of places.get(left)?.keys() ?? [])
      for (const b of places.get(right)?.keys() ?? []) pairs.push(a * size + b);
    steps.left -= pairs.length;
    return pairs;
  };
  for (const loop of loops(
    [...places.keys()].map((place) => place * size + place),
    nextPairs,
    steps,
  )) {
    const isEqual = (pair: number) => Math.floor(pair / size) === pair % size;
    if (loop.some(isEqual) && !loop.every(isEqual)) return true;
    // Two ways without a character between them, as in (?:a|(?:)a)*.
    const inLoop = new Set(loop.filter(isEqual).map((pair) => pair % size));
    for (const place of inLoop)
      for (const [next, ways] of places.get(place) ?? []) if (ways > 1 && inLoop.has(next)) return true;
  }
  return steps.left <= 0;
}

/** Strongly connected parts (Tarjan), without recursion: there can be many thousand pairs. */
function loops(
  roots: readonly number[],
  nextOf: (node: number) => number[],
  steps: { left: number },
): number[][] {
  const order = new Map<number, number>();
  const low = new Map<number, number>();
  const stack: number[] = [];
  const onStack = new Set<number>();
  const found: number[][] = [];
  for (const root of roots) {
    if (order.has(root)) continue;
    const frames: { node: number; next: number[]; at: number }[] = [];
    const enter = (node: number) => {
      order.set(node, order.size);
      low.set(node, order.get(node) ?? 0);
      stack.push(node);
      onStack.add(node);
      frames.push({ node, next: nextOf(node), at: 0 });
    };
    enter(root);
    for (let frame = frames.at(-1); frame !== undefined && steps.left > 0; frame = frames.at(-1)) {
      const { node } = frame;
      const next = frame.next[frame.at++];
      if (next === undefined) {
        frames.pop();
        const parent = frames.at(-1);
        if (parent !== undefined) low.set(parent.node, lower(low, parent.node, low.get(node)));
        if (low.get(node) === order.get(node)) found.push(takeLoop(stack, onStack, node));
      } else if (!order.has(next)) enter(next);
      else if (onStack.has(next)) low.set(node, lower(low, node, order.get(next)));
    }
  }
  return found;
}

function lower(low: ReadonlyMap<number, number>, node: number, other: number | undefined): number {
  return Math.min(low.get(node) ?? 0, other ?? Number.POSITIVE_INFINITY);
}

function takeLoop(stack: number[], onStack: Set<number>, until: number): number[] {
  const loop: number[] = [];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    loop.push(node);
    onStack.delete(node);
    if (node === until) break;
  }
  return loop;
}
