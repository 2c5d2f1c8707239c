import { describe, expect, test } from 'vitest';
import type { Transform } from '../contracts/transform.ts';
import type { LogRecord } from '../record/log-record.ts';
import { applyRoute } from './apply-route.ts';
import { routeOf, type Topology } from './topology.ts';

const origin = { source: 's', tags: {} };
const record = (id: string): LogRecord => ({
  id,
  timestampMillis: 0,
  ingestedMillis: 0,
  message: id,
  origin,
});

/** Marks every record with its letter, holds nothing. */
const marking = (letter: string): Transform => ({
  apply: (records) => ({
    kept: records.map((one) => ({ ...one, message: one.message + letter })),
    dropped: { [`seen_${letter}`]: records.length },
    failed: {},
    state: undefined,
  }),
});

function topology(
  transforms: readonly { id: string; inputs: string[]; transform?: Transform }[],
  destinationInputs: readonly string[][],
): Topology {
  return {
    sources: [],
    transforms: transforms.map((node) => ({ ...node, transform: node.transform ?? marking(node.id) })),
    destinations: destinationInputs.map((inputs, index) => ({
      id: `d${index}`,
      inputs,
      sink: undefined as never,
    })),
    release: (state) => state as LogRecord[],
  };
}

describe('the route of a source', () => {
  test('runs transforms after their inputs, whatever order they were written in', () => {
    const route = routeOf(
      's',
      topology(
        [
          { id: 'b', inputs: ['a'] },
          { id: 'a', inputs: ['s'] },
        ],
        [['b']],
      ),
    );
    expect(route.steps.map((step) => step.id)).toEqual(['a', 'b']);
    expect(route.topics).toEqual(['b']);
  });

  test('leaves out what belongs to other sources and what nobody takes', () => {
    const route = routeOf(
      's',
      topology(
        [
          { id: 'other', inputs: ['t'] },
          { id: 'unused', inputs: ['s'] },
          { id: 'mine', inputs: ['s', 'other'] },
        ],
        [['mine', 'other']],
      ),
    );
    expect(route.steps.map((step) => step.id)).toEqual(['mine']);
    expect(route.topics).toEqual(['mine']);
  });

  test('gives a destination the raw records when it names the source itself', () => {
    const route = routeOf('s', topology([{ id: 'a', inputs: ['s'] }], [['s'], ['a']]));
    const { outputs } = applyRoute(route, [record('1')], {}, 0);
    expect(outputs.get('s')?.[0]?.message).toBe('1');
    expect(outputs.get('a')?.[0]?.message).toBe('1a');
  });
});

test('states are kept by transform, counts by component and reason, and the earliest wake-up wins', () => {
  const holding = (wakeAtMillis: number): Transform => ({
    apply: (records, state) => ({
      kept: [],
      dropped: {},
      failed: { odd: 1 },
      state: [...((state as string[] | undefined) ?? []), ...records.map((one) => one.id)],
      wakeAtMillis,
    }),
  });
  const route = routeOf(
    's',
    topology(
      [
        { id: 'late', inputs: ['s'], transform: holding(900) },
        { id: 'soon', inputs: ['s'], transform: holding(300) },
      ],
      [['late', 'soon']],
    ),
  );
  const first = applyRoute(route, [record('1')], {}, 0);
  const second = applyRoute(route, [record('2')], first.states, 0);
  expect(second.states).toEqual({ late: ['1', '2'], soon: ['1', '2'] });
  expect(second.wakeAtMillis).toBe(300);
  expect(second.failed).toEqual([
    { component: 'late', reason: 'odd', records: 1 },
    { component: 'soon', reason: 'odd', records: 1 },
  ]);
});

test('what a transform held that is no longer configured goes the way of what was just read', () => {
  const held: LogRecord = { id: 'held', timestampMillis: 1, ingestedMillis: 1, message: 'm', origin };
  const route = routeOf('s', topology([{ id: 'a', inputs: ['s'] }], [['a']]));
  const result = applyRoute(route, [], { gone: [held] }, 0);
  expect(result.outputs.get('a')?.map(({ id }) => id)).toEqual(['held']);
  expect(result.states).toEqual({});
});
