import { describe, expect, test } from 'vitest';
import type { LogRecord } from '../../record/log-record.ts';
import { componentContext } from '../testing/component-context.ts';
import { redact } from './definition.ts';

const record: LogRecord = {
  id: '1',
  timestampMillis: 1,
  ingestedMillis: 1,
  message: '',
  origin: { source: 'app', tags: {} },
};

function redacted(message: string, secrets?: unknown, fields?: LogRecord['fields']): LogRecord {
  const options = redact.options.parse(secrets === undefined ? {} : { secrets });
  const given = { ...record, message, ...(fields !== undefined && { fields }) };
  return redact.create(options, componentContext).apply([given], undefined, 0).kept[0] as LogRecord;
}

describe('what is replaced', () => {
  // Made up: the examples of AWS's and others' documentation, or random.
  const key = 'AKIAIOSFODNN7EXAMPLE';
  const secret = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
  const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';

  test.each([
    ['aws_keys', `using ${key} now`, 'using [redacted:aws_key] now'],
    ['aws_keys', `AWS_SECRET_ACCESS_KEY=${secret} x`, 'AWS_SECRET_ACCESS_KEY=[redacted:aws_secret] x'],
    ['aws_keys', `{"secretAccessKey":"${secret}"}`, '{"secretAccessKey":"[redacted:aws_secret]"}'],
    [
      'aws_keys',
      `{"m":"{\\"SecretAccessKey\\": \\"${secret}\\"}"}`,
      '{"m":"{\\"SecretAccessKey\\": \\"[redacted:aws_secret]\\"}"}',
    ],
    ['aws_keys', `aws_session_token = '${secret}'`, `aws_session_token = '[redacted:aws_secret]'`],
    [
      'aws_keys',
      'GET /b/k?X-Amz-Signature=ab12&x=1',
      'GET /b/k?X-Amz-Signature=[redacted:aws_signature]&x=1',
    ],
    ['bearer_tokens', 'Authorization: Bearer abc.DEF-123_456', 'Authorization: Bearer [redacted:bearer]'],
    ['bearer_tokens', '"authorization":"bearer abcdefgh12"', '"authorization":"bearer [redacted:bearer]"'],
    [
      'bearer_tokens',
      'Authorization: Basic dXNlcjpwYXNzd29yZA==',
      'Authorization: Basic [redacted:authorization]',
    ],
    ['jwt', `token ${jwt}.`, 'token [redacted:jwt].'],
    ['passwords', 'login user=bob password=hunter2, ok', 'login user=bob password=[redacted:password], ok'],
    ['passwords', 'DB_PASSWORD: "a b\\"c" x', 'DB_PASSWORD: "[redacted:password]" x'],
    ['passwords', `{"dbPassword": "x", "n": 1}`, `{"dbPassword": "[redacted:password]", "n": 1}`],
    ['passwords', '/login?password=p%40ss&next=/', '/login?password=[redacted:password]&next=/'],
    ['passwords', 'postgres://app:s3cr3t@db:5432/x', 'postgres://app:[redacted:password]@db:5432/x'],
    ['passwords', 'api_key => abc', 'api_key => [redacted:password]'],
    ['passwords', 'x-api-key: abc', 'x-api-key: [redacted:password]'],
    ['emails', 'to ann.lee+x@mail.example.com, cc', 'to [redacted:email], cc'],
    ['ipv4', 'from 10.0.3.255:443', 'from [redacted:ip]:443'],
    ['credit_cards', 'card 4111 1111 1111 1111 ok', 'card [redacted:card] ok'],
    ['credit_cards', 'card 378282246310005.', 'card [redacted:card].'],
    [
      'private_keys',
      '-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----',
      '-----BEGIN RSA PRIVATE KEY-----[redacted:private_key]-----END RSA PRIVATE KEY-----',
    ],
  ])('%s: %s', (set, message, expected) => {
    const out = redacted(message, [set]);
    expect(out.message).toBe(expected);
    expect(out.fields).toEqual({ redacted: 1 });
    expect(redacted(out.message, [set]).message).toBe(expected);
  });

  test.each([
    ['aws_keys', 'AKIA is a prefix, AKIAIOSFODNN7EXAMPLEX too long'],
    ['bearer_tokens', 'the bearer of this'],
    ['passwords', 'password reset was asked for'],
    ['passwords', '{"password":null,"secret":true}'],
    ['passwords', 'https://example.com:8080/a@b'],
    ['emails', 'a@b, @here, x@localhost'],
    ['ipv4', 'version 1.2.3.4.5 and 300.1.1.1'],
    ['credit_cards', 'at 1760000000123 id 4111111111111112 span 41111111111111111111111'],
    ['jwt', 'eyJ is how they begin'],
  ])('%s leaves %s', (set, message) => {
    expect(redacted(message, [set])).toEqual({ ...record, message });
  });

  test('several at once are counted', () => {
    const out = redacted(`${key} and ${key}, password=x Bearer abcdefgh`);
    expect(out.fields).toEqual({ redacted: 4 });
    expect(out.message).not.toContain('AKIA');
  });
});

test('fields are looked into, and one that is named after a secret goes whole', () => {
  const fields = { note: 'password=x', password: 'two words', pin: 7, api_key: 12345, on: true };
  expect(redacted('', ['passwords'], fields).fields).toEqual({
    note: 'password=[redacted:password]',
    password: '[redacted:password]',
    pin: 7,
    api_key: '[redacted:password]',
    on: true,
    redacted: 3,
  });
});

test('own patterns are replaced on every line, long ones piece by piece', () => {
  const long = `${'x'.repeat(5000)} tok_abcdefgh ${'y '.repeat(4000)}tok_abcdefgh\ntok_abcdefgh`;
  const out = redacted(long, [{ pattern: 'tok_\\w{8}', replacement: '$1' }]);
  expect(out.message).toBe(long.replaceAll('tok_abcdefgh', () => '$1'));
  expect(out.fields).toEqual({ redacted: 3 });
});

test('own patterns see each line from its beginning to its end', () => {
  expect(redacted('a\nuser bob\nb', [{ pattern: '^user .*$', replacement: '-' }]).message).toBe('a\n-\nb');
});

test('a pattern that could take forever is refused', () => {
  expect(redact.options.safeParse({ secrets: [{ pattern: '(a+)+$' }] }).success).toBe(false);
});

// No time is asserted: with a pattern that is not linear these would not end before the test's own limit.
test.each(
  [
    'a_',
    'a@',
    'a.',
    'a-',
    'password ',
    'password="',
    'password=a\\',
    '\\',
    '"\\',
    '4111-',
    '4111 1111 1111 111',
    '1.',
    'eyJaaaaa.',
    'eyJ',
    'Bearer ',
    'x://a:',
    '-----BEGIN PRIVATE KEY-----',
    'X-Amz-Signature=',
    ' ',
    'token:  ',
  ].map((piece) => [piece]),
)('a megabyte of %j is done in linear time', (piece) => {
  const all = [
    'aws_keys',
    'bearer_tokens',
    'jwt',
    'passwords',
    'emails',
    'ipv4',
    'credit_cards',
    'private_keys',
  ];
  const message = piece.repeat(1_048_576 / piece.length);
  expect(redacted(message, all).id).toBe('1');
});
