import { NOTHING_COUNTED, type Transform, type TransformResult } from '../../contracts/transform.ts';
import { type LogRecord, type Origin, withOrigin } from '../../record/log-record.ts';
import type { EnrichOptions } from './options.ts';

/** Changes origins, once for each: all records of a stream share the new one as they shared the old one. */
export class OriginEnricher implements Transform {
  readonly #options: EnrichOptions;
  readonly #enriched = new WeakMap<Origin, Origin>();

  constructor(options: EnrichOptions) {
    this.#options = options;
  }

  apply(records: readonly LogRecord[]): TransformResult {
    const kept = records.map((record) => {
      const origin = this.#enrichedOf(record.origin);
      return origin === record.origin ? record : withOrigin(record, origin);
    });
    return { kept, dropped: NOTHING_COUNTED, failed: NOTHING_COUNTED, state: undefined };
  }

  #enrichedOf(origin: Origin): Origin {
    let enriched = this.#enriched.get(origin);
    if (enriched === undefined) {
      enriched = enrichedOrigin(origin, this.#options);
      this.#enriched.set(origin, enriched);
    }
    return enriched;
  }
}

/** In this order: copy, rename, remove, tags. So a removed tag can be set anew, and a copied one be removed. */
export function enrichedOrigin(origin: Origin, options: EnrichOptions): Origin {
  const tags = new Map(Object.entries(origin.tags));
  for (const [from, to] of Object.entries(options.copy)) setFrom(tags, origin, from, to);
  for (const [from, to] of Object.entries(options.rename)) {
    if (from !== to && setFrom(tags, origin, from, to) && !isReplaced(from, origin, options))
      tags.delete(from);
  }
  for (const name of options.remove) removeTag(tags, name);
  for (const [name, value] of Object.entries(options.tags)) tags.set(name, value);
  const source = options.source ?? origin.source;
  const before = Object.entries(origin.tags);
  const isSame =
    source === origin.source &&
    before.length === tags.size &&
    before.every(([name, value]) => tags.get(name) === value);
  return isSame ? origin : { source, tags: Object.fromEntries(tags) };
}

/** Values come from the origin as it was, so that two tags can change names with each other. */
function setFrom(tags: Map<string, string>, origin: Origin, from: string, to: string): boolean {
  if (!Object.hasOwn(origin.tags, from)) return false;
  const value = origin.tags[from];
  if (value === undefined || value === '') return false;
  tags.set(to, value);
  return true;
}

/** Another tag of this origin gets the name that this one gives up. */
function isReplaced(name: string, origin: Origin, { rename }: EnrichOptions): boolean {
  return Object.entries(rename).some(
    ([from, to]) => to === name && from !== name && Object.hasOwn(origin.tags, from),
  );
}

function removeTag(tags: Map<string, string>, name: string): void {
  if (!name.endsWith('*')) {
    tags.delete(name);
    return;
  }
  const prefix = name.slice(0, -1);
  for (const key of tags.keys()) if (key.startsWith(prefix)) tags.delete(key);
}
