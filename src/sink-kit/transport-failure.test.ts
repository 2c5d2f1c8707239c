import { expect, test } from 'vitest';
import { transportFailure } from './transport-failure.ts';

const withCode = (code: string) => Object.assign(new Error(`something ${code}`), { code });

test.each([
  ['ENOTFOUND', 'dns', false],
  ['EAI_AGAIN', 'dns', false],
  ['ECONNREFUSED', 'refused', false],
  ['EHOSTUNREACH', 'unreachable', false],
  ['UND_ERR_CONNECT_TIMEOUT', 'connect_timeout', false],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls', false],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls', false],
  ['EPIPE', 'reset', true],
  ['UND_ERR_SOCKET', 'reset', true],
  ['UND_ERR_HEADERS_TIMEOUT', 'timeout', true],
  ['SOMETHING_NEW', 'transport', true],
])('%s is %s', (code, reason, sent) => {
  expect(transportFailure(withCode(code))).toMatchObject({ kind: 'failed', reason, sent });
  expect(transportFailure(new TypeError('failed', { cause: withCode(code) }))).toMatchObject({ reason });
});

test('a host with several addresses is known by the first of its failures', () => {
  const failure = transportFailure(
    new AggregateError([withCode('ECONNREFUSED'), withCode('ENETUNREACH')], ''),
  );
  expect(failure).toMatchObject({ reason: 'refused', detail: expect.stringContaining('ECONNREFUSED') });
});
