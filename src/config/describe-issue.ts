import type { z } from 'zod';
import { didYouMean } from '../foundation/nearest-name.ts';
import { type ConfigPath, valueAt } from './config-path.ts';
import { keysAt, type OptionSchema } from './option-schema.ts';

export interface DescribedIssue {
  /** From the value that was validated. */
  readonly path: ConfigPath;
  readonly at: 'key' | 'value';
  readonly message: string;
}

type Issue = z.core.$ZodIssue;

/**
 * Says what zod found in the words of the configuration. `isHidden` tells of a path whether its value came from a
 * reference: then nothing is said from which it could be guessed.
 */
export function describeIssue(
  issue: Issue,
  value: unknown,
  schema: OptionSchema,
  isHidden: (path: ConfigPath) => boolean,
): readonly DescribedIssue[] {
  const path = issue.path.map((part) => (typeof part === 'number' ? part : String(part)));
  const given = valueAt(value, path);
  const say = (message: string): readonly DescribedIssue[] => [{ path, at: 'value', message }];
  // oxlint-disable-next-line typescript/switch-exhaustiveness-check -- what is not named here has a good message
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({
        path: [...path, key],
        at: 'key' as const,
        message: `is no option here.${didYouMean(key, unused(keysAt(schema, path), given))}`,
      }));
    case 'invalid_type':
      return say(given === undefined ? 'is missing.' : wrongType(issue.expected, given));
    case 'invalid_value': {
      if (given === undefined) return say('is missing.');
      const choices = issue.values.map(String);
      const guess = typeof given === 'string' && !isHidden(path) ? didYouMean(given, choices) : '';
      return say(
        `must be ${listOf(issue.values.map((choice) => (typeof choice === 'string' ? `"${choice}"` : String(choice))))}.${guess}`,
      );
    }
    case 'invalid_union':
      if (given === undefined) return say('is missing.');
      return describeUnion(issue, path, value, schema, isHidden);
    case 'too_small':
      return say(tooSmall(issue, given));
    default:
      return say(withoutEcho(issue.message, given, isHidden(path)));
  }
}

function describeUnion(
  issue: Extract<Issue, { code: 'invalid_union' }>,
  path: ConfigPath,
  value: unknown,
  schema: OptionSchema,
  isHidden: (path: ConfigPath) => boolean,
): readonly DescribedIssue[] {
  // A branch that got past the type of the value is the one that was meant.
  const meant = issue.errors.find(
    (branch) => !branch.some((one) => one.code === 'invalid_type' && one.path.length === 0),
  );
  if (meant !== undefined && meant.length > 0)
    return meant.flatMap((nested) =>
      describeIssue({ ...nested, path: [...path, ...nested.path] }, value, schema, isHidden),
    );
  const expected = issue.errors
    .flat()
    .flatMap((one) => (one.code === 'invalid_type' ? [typeName(one.expected)] : []));
  const message =
    expected.length === 0
      ? withoutEcho(issue.message, valueAt(value, path), isHidden(path))
      : `must be ${listOf([...new Set(expected)])}, not ${typeName(kindOf(valueAt(value, path)))}.`;
  return [{ path, at: 'value', message }];
}

function tooSmall(issue: Extract<Issue, { code: 'too_small' }>, given: unknown): string {
  if (issue.origin === 'string' && given === '') return 'must not be empty.';
  if (issue.origin === 'array' && Array.isArray(given) && given.length === 0)
    return 'must not be an empty list.';
  return sentence(issue.message);
}

function wrongType(expected: string, given: unknown): string {
  const actual = kindOf(given);
  if (given === null) return `has no value; it must be ${typeName(expected)}.`;
  const quote =
    expected === 'string' && (actual === 'number' || actual === 'boolean') ? ' Put it in quotes.' : '';
  const dash = expected === 'array' && actual === 'string' ? ' Write [ ] around it.' : '';
  return `must be ${typeName(expected)}, not ${typeName(actual)}.${quote}${dash}`;
}

/** A message of a component's own may quote what it was given. */
function withoutEcho(message: string, given: unknown, hidden: boolean): string {
  if (hidden && (typeof given === 'string' || typeof given === 'number')) {
    const text = String(given);
    if (text !== '' && message.includes(text))
      return text.length >= 4 ? sentence(message.replaceAll(text, '(not shown)')) : 'is not valid.';
  }
  return sentence(message);
}

function sentence(message: string): string {
  const text = message.replaceAll(/\s+/g, ' ').trim();
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

function unused(keys: readonly string[], given: unknown): readonly string[] {
  return typeof given === 'object' && given !== null
    ? keys.filter((key) => !Object.hasOwn(given, key))
    : keys;
}

export function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

export function typeName(type: string): string {
  const names: Readonly<Record<string, string>> = {
    string: 'a text',
    number: 'a number',
    int: 'a whole number',
    boolean: 'true or false',
    array: 'a list',
    object: 'a map',
    record: 'a map',
    null: 'empty',
    undefined: 'missing',
  };
  return names[type] ?? type;
}

export function listOf(items: readonly string[]): string {
  if (items.length <= 1) return items[0] ?? '';
  return `${items.slice(0, -1).join(', ')} or ${items.at(-1)}`;
}
