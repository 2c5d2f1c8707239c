import { passesLuhn } from './card-number.ts';

/** One kind of secret: how its texts are found, and which part of what was found goes. */
export interface SecretPattern {
  /** Stands in the placeholder: `[redacted:aws_key]`. */
  readonly label: string;
  /**
   * Global; linear in the text: every way in is a literal or a boundary, every repetition is of one class and followed
   * by what is not in it. Group 1, where there is one, stays in front of the placeholder, group 2 behind it.
   */
  readonly pattern: RegExp;
  /** Without one of these, or without a match of it, the text is not looked at any further. */
  readonly needs?: readonly string[] | RegExp;
  /** Fields of such a name are replaced whole. */
  readonly field?: RegExp;
  readonly accepts?: (found: string) => boolean;
}

/** A value up to its closing quote, or to where an unquoted one ends. What was redacted or is no text stays. */
const VALUE = String.raw`(?!\\?["']?\[redacted|null\b|true\b|false\b|[{[])(?:\\"[^"\\\r\n]{1,4000}|"(?:[^"\\\r\n]|\\[^\r\n]){1,4000}|'(?:[^'\\\r\n]|\\[^\r\n]){1,4000}|[^\s"',;&)}\]\\]{1,4000})`;

/** `name=value`, `name: value`, `"name":"value"`, and the same escaped inside a JSON string. */
function assignment(label: string, names: string, needs: RegExp): SecretPattern {
  return {
    label,
    pattern: new RegExp(
      String.raw`((?<![A-Za-z0-9_-])(?:${names})(?:\\?["'])?\s{0,4}(?:=>|=(?!>)|:)\s{0,4})${VALUE}(\\?["']|)`,
      'gi',
    ),
    needs,
    field: new RegExp(`^(?:${names})$`, 'i'),
  };
}

const AWS_SECRET_NAMES = String.raw`[A-Za-z0-9_-]{0,40}?(?:secret[_-]?(?:access[_-]?)?key|(?:aws|x-amz)[_-]?(?:session|security)[_-]?token|SessionToken)`;
const PASSWORD_NAMES = String.raw`[A-Za-z0-9_-]{0,40}?(?:password|passwd|passphrase|pwd|api[_-]?key|secret|(?:auth|access|refresh|id)[_-]?token)`;

const sets = {
  aws_keys: [
    {
      label: 'aws_key',
      pattern: /(?<![A-Za-z0-9/+])(?:AKIA|ASIA|AROA|AIDA|ABIA|ACCA)[A-Z2-7]{16}(?![A-Za-z0-9/+=])/g,
      needs: ['AKIA', 'ASIA', 'AROA', 'AIDA', 'ABIA', 'ACCA'],
    },
    assignment('aws_secret', AWS_SECRET_NAMES, /secret|token/i),
    {
      label: 'aws_signature',
      pattern: /(X-Amz-(?:Signature|Credential|Security-Token)=)[^\s&"'<>]{1,8000}/gi,
      needs: ['X-Amz-', 'x-amz-', 'X-AMZ-'],
    },
  ],
  bearer_tokens: [
    {
      label: 'bearer',
      pattern: /((?<![A-Za-z0-9])Bearer(?:\s|%20|\+){1,4})(?!\[redacted)[A-Za-z0-9._~+/=-]{8,8000}/gi,
      needs: /bearer/i,
    },
    {
      label: 'authorization',
      pattern:
        /((?<![A-Za-z0-9])(?:Basic|Digest|Token)\s{1,4})[A-Za-z0-9+/._-]{12,8000}={0,2}(?![A-Za-z0-9])/g,
      needs: ['uthorization', 'UTHORIZATION'],
    },
  ],
  jwt: [
    {
      label: 'jwt',
      pattern: /(?<![\w-])eyJ[\w-]{5,}\.eyJ[\w-]{5,}(?:\.[\w-]*)?/g,
      needs: ['eyJ'],
    },
  ],
  passwords: [
    assignment('password', PASSWORD_NAMES, /pass|pwd|secret|key|token/i),
    // https://user:password@host
    {
      label: 'password',
      pattern: /((?<![A-Za-z0-9])[a-z][a-z0-9+.-]{1,20}:\/\/[^\s:/@"'<>]{0,200}:)[^\s/@"'<>]{1,400}(@)/gi,
      needs: ['://'],
    },
  ],
  emails: [
    {
      label: 'email',
      pattern: /(?<![\w.+%-])[\w.+%-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}(?![\w-])/g,
      needs: ['@'],
    },
  ],
  ipv4: [
    {
      label: 'ip',
      pattern:
        /(?<![\d.])(?:25[0-5]|2[0-4]\d|1?\d{1,2})(?:\.(?:25[0-5]|2[0-4]\d|1?\d{1,2})){3}(?![\d]|\.\d)/g,
      needs: ['.'],
    },
  ],
  credit_cards: [
    {
      label: 'card',
      pattern:
        /(?<![\w.])[2-6]\d{3}(?:[ -]?\d{4}){2}[ -]?\d{3,7}(?!\w|\.\d)|(?<![\w.])3[47]\d{2}[ -]?\d{6}[ -]?\d{5}(?!\w|\.\d)/g,
      accepts: passesLuhn,
    },
  ],
  private_keys: [
    {
      label: 'private_key',
      pattern: /(-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----)(?:[^-]|-(?!----)){1,20000}(-----END|$)/g,
      needs: ['PRIVATE KEY-----'],
    },
  ],
} as const satisfies Record<string, readonly SecretPattern[]>;

export type SecretSet = keyof typeof sets;
export const SECRET_SETS: Readonly<Record<SecretSet, readonly SecretPattern[]>> = sets;
