import type { LogQuery } from '../contracts/log-query.ts';
import type { LogRecord, Origin } from '../record/log-record.ts';
import type { LogEngine } from './engine.ts';
import { isBuiltIn, tagKey } from './query/field-names.ts';
import { rowsOf } from './rows-of.ts';
import { LOGS_TABLE } from './schema.ts';
import type { OnlyTags } from './sql/term-sql.ts';
import { untilAborted } from './until-aborted.ts';

/** How long an answer holds for tags that were missing: records without them are removed some day. */
const ASK_AGAIN_MILLIS = 600_000;

const SQL = `WITH origins AS (SELECT toString(origin) AS text FROM ${LOGS_TABLE} GROUP BY origin)
  SELECT pair.1 AS key, count() AS origins, (SELECT count() FROM origins) AS all
  FROM origins ARRAY JOIN JSONExtractKeysAndValues(text, 'String') AS pair WHERE pair.2 != '' GROUP BY key`;

interface TagRow {
  readonly key: string;
  readonly origins: number;
  readonly all: number;
}

/**
 * Which tags every record of the store has. A field that is one of them is looked for nowhere else, so that no message
 * has to be read for it. All appends go through here: a tag that one of them lacks is out before it can be found.
 */
export class TagsEverywhere {
  readonly #engine: LogEngine;
  readonly #now: () => number;
  #known: Set<string> | undefined;
  #knownUntilMillis = 0;
  #asking: Promise<Set<string>> | undefined;
  /** Appended while the engine is asked. */
  #appended = new Set<Origin>();

  constructor(engine: LogEngine, now: () => number) {
    this.#engine = engine;
    this.#now = now;
  }

  /** Of records that are being appended: before it is begun, and when it has ended. */
  note(records: readonly LogRecord[]): void {
    if (this.#known === undefined && this.#asking === undefined) return;
    let last: Origin | undefined;
    for (const { origin } of records) {
      // Records of one stream come one after the other.
      if (origin === last) continue;
      last = origin;
      if (this.#asking !== undefined) this.#appended.add(origin);
      if (this.#known !== undefined) dropMissing(this.#known, origin);
    }
  }

  /** Fields of a query that every record has as a tag. */
  async of(query: LogQuery, signal: AbortSignal): Promise<OnlyTags> {
    const fields = namedFields(query);
    if (fields.size === 0) return fields;
    const keys = await this.#everywhere(signal);
    return new Set([...fields].filter((field) => keys.has(tagKey(field))));
  }

  async #everywhere(signal: AbortSignal): Promise<ReadonlySet<string>> {
    if (this.#known !== undefined && this.#now() < this.#knownUntilMillis) return this.#known;
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = undefined;
      this.#appended.clear();
    });
    return await untilAborted(this.#asking, signal);
  }

  /** Not on behalf of one caller: another one may wait for it too. */
  async #ask(): Promise<Set<string>> {
    const signal = new AbortController().signal;
    const rows = await rowsOf<TagRow>(this.#engine, { sql: SQL, parameters: {} }, undefined, signal);
    const keys = new Set(rows.filter(({ origins, all }) => origins === all).map(({ key }) => key));
    for (const origin of this.#appended) dropMissing(keys, origin);
    this.#known = keys;
    this.#knownUntilMillis = this.#now() + ASK_AGAIN_MILLIS;
    return keys;
  }
}

function dropMissing(keys: Set<string>, { tags }: Origin): void {
  for (const key of keys) if ((tags[key] ?? '') === '') keys.delete(key);
}

function namedFields(query: LogQuery): ReadonlySet<string> {
  const fields = new Set<string>();
  const walk = (node: LogQuery): void => {
    if (node.kind === 'and' || node.kind === 'or') node.nodes.forEach(walk);
    else if (node.kind === 'not') walk(node.node);
    else if (node.kind === 'term' && !isBuiltIn(node.field)) fields.add(node.field);
  };
  walk(query);
  return fields;
}
