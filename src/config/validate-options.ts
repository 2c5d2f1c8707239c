import type { z } from 'zod';
import { type ConfigPath, pathKey, valueAt } from './config-path.ts';
import { describeIssue } from './describe-issue.ts';
import { type OptionSchema, secretTexts, toOptionSchema } from './option-schema.ts';
import type { ProblemList } from './problem-list.ts';
import type { ResolvedTree } from './resolve-references.ts';

/**
 * Holds a part of the configuration against a schema; `at` is where it stands. Says what is wrong and answers
 * undefined, or answers what the schema makes of it.
 */
export function validateOptions<Output>(
  schema: z.ZodType<Output>,
  value: unknown,
  at: ConfigPath,
  tree: ResolvedTree,
  problems: ProblemList,
): Output | undefined {
  const first = attempt(schema, value);
  if (first.kind === 'valid') return first.output;
  if (first.kind === 'threw') {
    problems.error({ path: at, message: 'cannot be read: its check failed.' });
    return undefined;
  }
  // What comes out of a reference is text; where a number or a truth value is due, it is read as one.
  const converted = convertReferences(first.issues, value, at, tree);
  const second = converted === undefined ? first : attempt(schema, converted);
  if (second.kind === 'valid') return second.output;
  const issues = second.kind === 'invalid' ? second.issues : first.issues;
  const optionSchema = toOptionSchema(schema);
  problems.hide(secretTexts(optionSchema, value));
  sayIssues(issues, value, at, optionSchema, tree, problems);
  return undefined;
}

type Attempt<Output> =
  | { readonly kind: 'valid'; readonly output: Output }
  | { readonly kind: 'invalid'; readonly issues: readonly z.core.$ZodIssue[] }
  | { readonly kind: 'threw' };

function attempt<Output>(schema: z.ZodType<Output>, value: unknown): Attempt<Output> {
  try {
    const result = schema.safeParse(value);
    return result.success
      ? { kind: 'valid', output: result.data }
      : { kind: 'invalid', issues: result.error.issues };
  } catch {
    return { kind: 'threw' };
  }
}

function sayIssues(
  issues: readonly z.core.$ZodIssue[],
  value: unknown,
  at: ConfigPath,
  optionSchema: OptionSchema,
  tree: ResolvedTree,
  problems: ProblemList,
): void {
  const said = new Set<string>();
  const isHidden = (path: ConfigPath) =>
    tree.references.has(pathKey([...at, ...path])) || isSecret(optionSchema, value, path);
  for (const issue of issues) {
    for (const described of describeIssue(issue, value, optionSchema, isHidden)) {
      const path = [...at, ...described.path];
      const key = pathKey(path) + described.message;
      if (said.has(key) || tree.unresolved.has(pathKey(path))) continue;
      said.add(key);
      problems.error({ path, at: described.at, message: described.message });
    }
  }
}

function isSecret(optionSchema: OptionSchema, value: unknown, path: ConfigPath): boolean {
  const given = valueAt(value, path);
  return typeof given === 'string' && secretTexts(optionSchema, value).includes(given);
}

function convertReferences(
  issues: readonly z.core.$ZodIssue[],
  value: unknown,
  at: ConfigPath,
  tree: ResolvedTree,
): unknown {
  const changes = flatten(issues, []).flatMap(({ path, expected }) => {
    const text = valueAt(value, path);
    if (typeof text !== 'string' || !tree.references.has(pathKey([...at, ...path]))) return [];
    const converted = convert(text, expected);
    return converted === undefined ? [] : [{ path, converted }];
  });
  if (changes.length === 0) return undefined;
  const copy = structuredClone(value);
  for (const { path, converted } of changes) {
    const parent = valueAt(copy, path.slice(0, -1)) as Record<string | number, unknown>;
    parent[path.at(-1) ?? ''] = converted;
  }
  return copy;
}

function flatten(
  issues: readonly z.core.$ZodIssue[],
  prefix: ConfigPath,
): readonly { readonly path: ConfigPath; readonly expected: string }[] {
  return issues.flatMap((issue) => {
    const path = [...prefix, ...issue.path.map((part) => (typeof part === 'number' ? part : String(part)))];
    if (issue.code === 'invalid_union') return issue.errors.flatMap((branch) => flatten(branch, path));
    return issue.code === 'invalid_type' && path.length > 0 ? [{ path, expected: issue.expected }] : [];
  });
}

function convert(text: string, expected: string): unknown {
  if (expected === 'boolean') return text === 'true' ? true : text === 'false' ? false : undefined;
  if (expected === 'number' || expected === 'int')
    return /^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text) ? Number(text) : undefined;
  return undefined;
}
