/** A file of docs/reference. The same code gives the same text, on every machine. */
export interface GeneratedFile {
  readonly name: string;
  readonly text: string;
}

/** Puts a page together from its blocks, with one empty line between two. */
export function page(name: string, ...blocks: readonly string[]): GeneratedFile {
  const note = '<!-- Made by `npm run docs`. Changes by hand are lost. -->';
  return { name, text: `${[note, ...blocks].filter((block) => block !== '').join('\n\n')}\n` };
}
