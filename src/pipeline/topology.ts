import type { PullSource } from '../contracts/pull-source.ts';
import type { Sink } from '../contracts/sink.ts';
import type { Transform } from '../contracts/transform.ts';
import type { LogRecord } from '../record/log-record.ts';

/** What the configuration describes, made into components. `inputs` are ids of sources and transforms. */
export interface Topology {
  readonly sources: readonly { readonly id: string; readonly source: PullSource }[];
  readonly transforms: readonly TransformNode[];
  readonly destinations: readonly {
    readonly id: string;
    readonly inputs: readonly string[];
    readonly sink: Sink;
  }[];
  /** The records in the state of a transform that is no longer there. */
  readonly release: (state: unknown) => readonly LogRecord[];
}

export interface TransformNode {
  readonly id: string;
  readonly inputs: readonly string[];
  readonly transform: Transform;
}

/** The way of one source's records to the spool. */
export interface Route {
  readonly sourceId: string;
  /** Each after its inputs. */
  readonly steps: readonly TransformNode[];
  /** Whose output goes to the spool: what destinations name and this source reaches. */
  readonly topics: readonly string[];
  readonly release: Topology['release'];
}

/** Transforms must be free of cycles (the configuration sees to it). */
export function routeOf(sourceId: string, topology: Topology): Route {
  const reached = new Set([sourceId]);
  const steps: TransformNode[] = [];
  let rest = [...topology.transforms];
  for (;;) {
    // Ready: reached by this source, and not waiting for another transform that may yet be reached.
    const waiting = new Set(rest.map((node) => node.id));
    const ready = rest.find(
      (node) => node.inputs.some((input) => reached.has(input)) && !node.inputs.some((i) => waiting.has(i)),
    );
    const unreachable = rest.find(
      (node) => !node.inputs.some((input) => reached.has(input) || waiting.has(input)),
    );
    const next = ready ?? unreachable;
    if (next === undefined) break;
    rest = rest.filter((node) => node !== next);
    if (next === ready) {
      reached.add(next.id);
      steps.push(next);
    }
  }
  const named = new Set(topology.destinations.flatMap((destination) => destination.inputs));
  const topics = [...reached].filter((id) => named.has(id));
  return {
    sourceId,
    steps: steps.filter((step) => leadsTo(step.id, steps, new Set(topics))),
    topics,
    release: topology.release,
  };
}

/** Whether a step's output ends in one of the topics: what nobody takes need not be computed. */
function leadsTo(id: string, steps: readonly TransformNode[], topics: ReadonlySet<string>): boolean {
  return topics.has(id) || steps.some((step) => step.inputs.includes(id) && leadsTo(step.id, steps, topics));
}
