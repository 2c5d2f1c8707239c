/** The statements of the one IAM policy that a text holds, as if it were copied from there. */
export function policyIn(text: string): unknown[] {
  const found = /^ *\{\n(?:.*\n)*? *\]\n *\}/m.exec(text)?.[0];
  if (found === undefined) throw new Error(`There is no policy in: ${text}`);
  const { Version, Statement } = JSON.parse(found) as { Version: string; Statement: unknown[] };
  if (Version !== '2012-10-17') throw new Error(`The policy is of version ${Version}.`);
  return Statement;
}
