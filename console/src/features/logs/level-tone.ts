import type { LevelName } from '../../../../src/contracts/log-search.ts';

/** Four colours for nine levels: what matters at a glance is whether something is wrong. */
export const TONES = ['error', 'warning', 'info', 'debug', 'none'] as const;
export type LevelTone = (typeof TONES)[number];

const TONE_OF: Readonly<Record<LevelName, LevelTone>> = {
  emerg: 'error',
  alert: 'error',
  critical: 'error',
  error: 'error',
  warning: 'warning',
  notice: 'info',
  info: 'info',
  OK: 'info',
  debug: 'debug',
  none: 'none',
};

export function toneOf(level: LevelName | undefined): LevelTone {
  return TONE_OF[level ?? 'none'];
}

export const colorOf = (tone: LevelTone) => `var(--level-${tone})`;
