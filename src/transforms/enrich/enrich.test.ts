import { expect, test } from 'vitest';
import type { LogRecord, Origin } from '../../record/log-record.ts';
import { componentContext } from '../testing/component-context.ts';
import { enrich } from './definition.ts';

const tags = { task_id: 't1', task_arn: 'arn', aws_ecs_cluster_name: 'main', service: 'api' };
const origin: Origin = { source: 'ecs', tags };

function enriched(options: object, from: Origin = origin): readonly LogRecord[] {
  const records = ['a', 'b'].map((id) => ({
    id,
    timestampMillis: 1,
    ingestedMillis: 1,
    message: '',
    origin: from,
  }));
  return enrich.create(enrich.options.parse(options), componentContext).apply(records, undefined, 0).kept;
}

test('tags are copied, renamed, removed and set, in this order', () => {
  const [record] = enriched({
    copy: { task_id: 'host' },
    rename: { aws_ecs_cluster_name: 'cluster' },
    remove: ['task_*'],
    tags: { env: 'prod', service: 'orders' },
    source: 'logs',
  });
  expect(record?.origin).toEqual({
    source: 'logs',
    tags: { host: 't1', cluster: 'main', service: 'orders', env: 'prod' },
  });
});

test('two tags can change names, and what is not there changes nothing', () => {
  expect(enriched({ rename: { task_id: 'service', service: 'task_id' } })[0]?.origin.tags).toEqual({
    ...tags,
    task_id: 'api',
    service: 't1',
  });
  const half = { source: 'ecs', tags: { a: '1' } };
  expect(enriched({ rename: { a: 'b', b: 'a' } }, half)[0]?.origin.tags).toEqual({ b: '1' });
  expect(enriched({ rename: { nothing: 'x' }, remove: ['none'] })[0]?.origin).toBe(origin);
});

test('the records of a stream share the new origin as they shared the old one', () => {
  const [a, b] = enriched({ tags: { env: 'prod' } });
  expect(a?.origin).toBe(b?.origin);
  expect(origin.tags).not.toHaveProperty('env');
});

test.each([{ tags: { 'a b': 'x' } }, { tags: { a: '' } }, { rename: { a: 'b=c' } }])(
  '%j is refused',
  (options) => {
    expect(enrich.options.safeParse(options).success).toBe(false);
  },
);
