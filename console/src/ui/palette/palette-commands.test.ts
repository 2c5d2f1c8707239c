import { expect, test } from 'vitest';
import { type Command, findCommands, SEED_WORDS } from './palette-commands.ts';

const commands: readonly Command[] = [
  { id: { kind: 'page', to: '/logs' }, title: 'Logs', words: SEED_WORDS['/logs'] },
  { id: { kind: 'page', to: '/destinations' }, title: 'Destinations', words: SEED_WORDS['/destinations'] },
  { id: { kind: 'page', to: '/runs' }, title: 'Runs', words: SEED_WORDS['/runs'] },
  { id: { kind: 'source', id: 'ecs_logs' }, title: 'ecs_logs', words: '' },
];
const titles = (typed: string) => findCommands(commands, typed).map(({ title }) => title);

test('nothing typed offers everything, in its order', () => {
  expect(titles('')).toEqual(['Logs', 'Destinations', 'Runs', 'ecs_logs']);
});

test('what begins as typed stands before what only holds it', () => {
  expect(titles('logs')).toEqual(['Logs', 'ecs_logs']);
});

test('the words of the function platform lead to what took their place', () => {
  expect(titles('测试连通性')).toEqual(['Destinations']);
  expect(titles('近期执行')).toEqual(['Runs']);
  expect(titles('数据源')).toEqual(['Logs']);
});

test('all words must be there, in whatever case', () => {
  expect(titles('DATAKIT test')).toEqual(['Destinations']);
  expect(titles('datakit nothing')).toEqual([]);
});
