import type { AccountOptions } from '../aws/account-options.ts';
import type { SinkDefinition, SourceDefinition, TransformDefinition } from '../catalog/catalogue.ts';
import type { Problem } from './config-error.ts';
import type { ListenAddress, Settings } from './settings.ts';

/** A configured component. `options` is what the definition's schema made of them: pass it to `definition.create`. */
export interface ConfiguredComponent<Definition> {
  readonly id: string;
  readonly definition: Definition;
  readonly options: unknown;
}

export interface ConfiguredConsumer<Definition> extends ConfiguredComponent<Definition> {
  /** Ids of sources and transforms; they exist, and transforms form no cycle. At least one. */
  readonly inputs: readonly string[];
}

/** A configuration that was found to be whole. Options may hold secrets: it is never logged or shown as it is. */
export interface LoadedConfig {
  /** Absolute. */
  readonly path: string;
  /** Absolute. */
  readonly dataDir: string;
  readonly server: ListenAddress;
  readonly spool: { readonly maxBytes: number };
  /** undefined = off. */
  readonly audit: { readonly everyMillis: number; readonly repair: boolean } | undefined;
  readonly log: Settings['log'];
  readonly accounts: Readonly<Record<string, AccountOptions>>;
  readonly sources: readonly ConfiguredComponent<SourceDefinition>[];
  readonly transforms: readonly ConfiguredConsumer<TransformDefinition>[];
  readonly destinations: readonly ConfiguredConsumer<SinkDefinition>[];
  readonly warnings: readonly Problem[];
  /** Changes when anything changes that the file, its references included, says. */
  readonly hash: string;
}
