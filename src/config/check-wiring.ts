import { didYouMean } from '../foundation/nearest-name.ts';
import type { ConfigPath } from './config-path.ts';
import type { ProblemList } from './problem-list.ts';

interface Consumer {
  readonly id: string;
  readonly inputs: readonly string[];
}

/** What stands in the file, found whole or not: a component with another fault is still one that may be named. */
export interface Wiring {
  readonly accountIds: readonly string[];
  readonly sourceIds: readonly string[];
  readonly transformIds: readonly string[];
  readonly destinationIds: readonly string[];
  readonly sources: readonly { readonly id: string; readonly options: unknown }[];
  readonly transforms: readonly Consumer[];
  readonly destinations: readonly Consumer[];
}

/** Whether the components fit together: names, inputs, cycles; and what leads nowhere, as a warning. */
export function checkWiring(wiring: Wiring, problems: ProblemList): void {
  checkNamesDiffer(wiring, problems);
  checkAccounts(wiring, problems);
  for (const transform of wiring.transforms)
    checkInputs(transform, ['transforms', transform.id], wiring, problems);
  for (const destination of wiring.destinations)
    checkInputs(destination, ['destinations', destination.id], wiring, problems);
  checkCycles(wiring, problems);
  warnOfUnused(wiring, problems);
}

function checkNamesDiffer(wiring: Wiring, problems: ProblemList): void {
  const taken = new Map<string, string>();
  for (const [section, ids] of [
    ['sources', wiring.sourceIds],
    ['transforms', wiring.transformIds],
    ['destinations', wiring.destinationIds],
  ] as const) {
    for (const id of ids) {
      const other = taken.get(id);
      if (other === undefined) taken.set(id, section);
      else
        problems.error({
          path: [section, id],
          at: 'key',
          message: `The name is taken by ${other}.${id}. Names differ over sources, transforms and destinations.`,
        });
    }
  }
}

function checkAccounts(wiring: Wiring, problems: ProblemList): void {
  for (const { id, options } of wiring.sources) {
    const account = (options as { account?: unknown } | null)?.account;
    if (typeof account !== 'string' || wiring.accountIds.includes(account)) continue;
    problems.error({
      path: ['sources', id, 'account'],
      message: `There is no account "${account}" under accounts.${didYouMean(account, wiring.accountIds)}`,
    });
  }
}

function checkInputs(consumer: Consumer, path: ConfigPath, wiring: Wiring, problems: ProblemList): void {
  const topics = [...wiring.sourceIds, ...wiring.transformIds];
  const seen = new Set<string>();
  for (const [index, input] of consumer.inputs.entries()) {
    const at = [...path, 'inputs', index];
    if (seen.has(input)) problems.error({ path: at, message: `"${input}" is named twice.` });
    seen.add(input);
    if (topics.includes(input)) continue;
    problems.error({
      path: at,
      message: wiring.destinationIds.includes(input)
        ? `"${input}" is a destination, which gives nothing on. Inputs are sources and transforms.`
        : `There is no source or transform "${input}".${didYouMean(input, topics)}`,
    });
  }
}

function checkCycles(wiring: Wiring, problems: ProblemList): void {
  const inputsOf = new Map(wiring.transforms.map((transform) => [transform.id, transform.inputs]));
  const done = new Set<string>();
  const visit = (id: string, trail: readonly string[]): void => {
    if (done.has(id)) return;
    if (trail.includes(id)) {
      const cycle = [...trail.slice(trail.indexOf(id)), id];
      problems.error({
        path: ['transforms', id, 'inputs'],
        message: `The transforms take records from each other in a circle: ${cycle.join(' ← ')}.`,
      });
      return;
    }
    for (const input of inputsOf.get(id) ?? []) visit(input, [...trail, id]);
    done.add(id);
  };
  for (const { id } of wiring.transforms) visit(id, []);
}

function warnOfUnused(wiring: Wiring, problems: ProblemList): void {
  const used = new Set([...wiring.transforms, ...wiring.destinations].flatMap((consumer) => consumer.inputs));
  for (const [section, ids] of [
    ['sources', wiring.sourceIds],
    ['transforms', wiring.transformIds],
  ] as const) {
    for (const id of ids) {
      if (!used.has(id))
        problems.warn({
          path: [section, id],
          at: 'key',
          message: 'Nothing takes its records: name it in the inputs of a transform or destination.',
        });
    }
  }
  if (wiring.sourceIds.length === 0)
    problems.warn({ path: ['sources'], message: 'There are no sources yet.' });
  if (wiring.destinationIds.length === 0)
    problems.warn({ path: ['destinations'], message: 'There are no destinations yet.' });
}
