import { describe, expect, test } from 'vitest';
import { startWire } from '../testing/wire-clients.ts';

async function postTo(url: string, target: string, body: string, type = 'application/x-amz-json-1.1') {
  const headers = { 'x-amz-target': target, 'content-type': type };
  const reply = await fetch(url, { method: 'POST', headers, body });
  return { status: reply.status, type: reply.headers.get('x-amzn-errortype'), text: await reply.text() };
}

describe('requests that make no sense', () => {
  test.each([
    ['Logs_20140328.FilterLogEvents', '{', 'SerializationException'],
    ['Logs_20140328.FilterLogEvents', '[]', 'SerializationException'],
    ['Logs_20140328.FilterLogEvents', '{"logGroupName":7}', 'SerializationException'],
    ['Logs_20140328.FilterLogEvents', '{}', 'InvalidParameterException'],
    ['Logs_20140328.FilterEverything', '{}', 'UnknownOperationException'],
    ['Logs_20140328.constructor', '{}', 'UnknownOperationException'],
    ['__proto__.toString', '{}', 'UnknownOperationException'],
    ['AmazonEC2ContainerServiceV20141113.DescribeTasks', '{"tasks":"x"}', 'SerializationException'],
  ])('%s with %s', async (target, body, code) => {
    const { endpoint } = await startWire();
    const reply = await postTo(endpoint.url, target, body);
    expect(reply).toMatchObject({ status: 400, type: code });
    expect(JSON.parse(reply.text)).toMatchObject({ __type: code });
  });

  test('of the query protocol are answered in XML', async () => {
    const { endpoint } = await startWire();
    const { status, text } = await postTo(
      endpoint.url,
      '',
      'Action=<x>',
      'application/x-www-form-urlencoded',
    );
    expect(status).toBe(400);
    expect(text).toContain('<Code>InvalidAction</Code>');
  });

  test('that are too long are refused, and the next one is answered', async () => {
    const { endpoint } = await startWire();
    const target = 'Logs_20140328.DescribeLogGroups';
    expect((await postTo(endpoint.url, target, ' '.repeat(9_000_000))).status).toBe(413);
    expect((await postTo(endpoint.url, target, '{}')).status).toBe(200);
  });
});
