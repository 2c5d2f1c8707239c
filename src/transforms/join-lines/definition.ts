import type { Definition } from '../../contracts/component.ts';
import type { Transform } from '../../contracts/transform.ts';
import { LineJoiner } from './line-joiner.ts';
import { type JoinLinesOptions, joinLinesOptions, joinSettings } from './options.ts';

export const joinLines: Definition<Transform, JoinLinesOptions> = {
  type: 'join_lines',
  title: 'Join lines',
  description: 'Makes one record of the lines of a stack trace, or of lines that own patterns hold together.',
  options: joinLinesOptions,
  create: (options) => new LineJoiner(joinSettings(options)),
};
