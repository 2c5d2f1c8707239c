import { accountOptions } from '../aws/account-options.ts';
import type { Catalogue } from './catalogue.ts';
import { sinkTypes } from './sink-types.ts';
import { sourceTypes } from './source-types.ts';
import { transformTypes } from './transform-types.ts';

/** Everything that this release of Logferry has. */
export const fullCatalogue: Catalogue = {
  sources: sourceTypes,
  transforms: transformTypes,
  sinks: sinkTypes,
  account: accountOptions,
};
