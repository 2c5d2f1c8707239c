import { NOTHING_COUNTED, type Transform, type TransformResult } from '../../contracts/transform.ts';
import type { Level } from '../../record/level.ts';
import { type LogRecord, withLevel } from '../../record/log-record.ts';
import { levelOfMessage } from './level-of-message.ts';

export interface LevelSettings {
  /** A level that the record already has is looked for again; kept when the message gives none. */
  readonly overwrites: boolean;
  /** For records that give themselves none. */
  readonly fallback: Level | undefined;
}

/** Gives records the level that their message states. */
export class LevelDetector implements Transform {
  readonly #settings: LevelSettings;

  constructor(settings: LevelSettings) {
    this.#settings = settings;
  }

  apply(records: readonly LogRecord[]): TransformResult {
    const { overwrites, fallback } = this.#settings;
    const kept = records.map((record) => {
      if (record.level !== undefined && !overwrites) return record;
      const level = levelOfMessage(record.message) ?? record.level ?? fallback;
      return level === record.level || level === undefined ? record : withLevel(record, level);
    });
    return { kept, dropped: NOTHING_COUNTED, failed: NOTHING_COUNTED, state: undefined };
  }
}
