/**
 * References in a text: `${env:NAME}`, `${file:/run/secrets/x}`, `${var:NAME}`, each with an optional default
 * (`${env:NAME:-default}`, taken when there is none or it is empty). `$${` stands for a literal `${`.
 * A default ends at the first `}`.
 */
export const REFERENCE_KINDS = ['env', 'file', 'var'] as const;

export interface Reference {
  readonly kind: (typeof REFERENCE_KINDS)[number];
  readonly name: string;
  readonly fallback: string | undefined;
}

export type TextPart = string | Reference;

export type ParsedText =
  | { readonly kind: 'parts'; readonly parts: readonly TextPart[] }
  | { readonly kind: 'malformed'; readonly message: string };

const REFERENCE = /^(env|file|var):([^}]*?)(?::-([^}]*))?$/s;
const ESCAPE_HINT = 'A literal ${ is written $${.';

/** Cuts a text into literal parts and references. Its messages do not quote the text, which may be a secret. */
export function parseReferences(text: string): ParsedText {
  const parts: TextPart[] = [];
  let literal = '';
  let index = 0;
  while (index < text.length) {
    if (text.startsWith('$${', index)) {
      literal += '${';
      index += 3;
    } else if (text.startsWith('${', index)) {
      const end = text.indexOf('}', index);
      if (end < 0) return { kind: 'malformed', message: `A reference \${…} is not closed. ${ESCAPE_HINT}` };
      const match = REFERENCE.exec(text.slice(index + 2, end));
      if (match === null || match[2] === '')
        return {
          kind: 'malformed',
          message: `A reference is one of \${env:NAME}, \${file:/path} and \${var:NAME}. ${ESCAPE_HINT}`,
        };
      if (literal !== '') parts.push(literal);
      literal = '';
      parts.push({ kind: match[1] as Reference['kind'], name: match[2] ?? '', fallback: match[3] });
      index = end + 1;
    } else {
      literal += text[index];
      index++;
    }
  }
  if (literal !== '') parts.push(literal);
  return { kind: 'parts', parts };
}

/** How a reference is named in messages: without its default, which may be a secret. */
export function describeReference(reference: Reference): string {
  return `\${${reference.kind}:${reference.name}}`;
}
