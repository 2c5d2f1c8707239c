import { expect, test } from 'vitest';
import { prettyJson, summarizeMessage } from './message-summary.ts';

test('a JSON object is shown by what it says, then by what else it tells', () => {
  const message = '{"time":"t","level":"info","msg":"paid","order":7,"who":{"id":1}}';
  expect(summarizeMessage(message)).toEqual({ text: 'paid', rest: 'order=7 who={"id":1}', more: 0 });
  expect(prettyJson(message)).toContain('\n  "msg": "paid"');
});

test.each(['{"a":1}', '{"msg":', '[1,2]', '{"msg":7}', 'plain'])('%s is shown as it is', (message) => {
  expect(summarizeMessage(message)).toEqual({ text: message, rest: '', more: 0 });
});

test('of several lines the first that says something, and how many follow', () => {
  expect(summarizeMessage('\n\u001b[31m\u001b[0m\nError: no\n  at a\n  at b\n')).toEqual({
    text: 'Error: no',
    rest: '',
    more: 2,
  });
});
