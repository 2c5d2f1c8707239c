import type { CliContext } from '../cli-context.ts';
import { painter } from './paint.ts';

const EVERY_TERMINAL_MILLIS = 100;
const EVERY_LINE_MILLIS = 10_000;
const BAR_WIDTH = 24;

export interface Progress {
  /** `share` is 0 … 1, or undefined where the end is not known. Call it as often as there is something new. */
  update(share: number | undefined, text: string): void;
  /** Takes the bar away. */
  end(): void;
}

/** On a terminal a line that is written over; elsewhere a new line every 10 s; nothing when asked to be quiet. */
export function startProgress(cli: CliContext): Progress {
  const isTerminal = cli.stderr.isTTY === true && cli.env['TERM'] !== 'dumb';
  const everyMillis = isTerminal ? EVERY_TERMINAL_MILLIS : EVERY_LINE_MILLIS;
  const paint = painter(cli);
  // A line every 10 s begins after 10 s; a bar is there at once.
  let shownMillis = isTerminal ? Number.NEGATIVE_INFINITY : cli.clock.monotonic();
  let isShown = false;
  return {
    update: (share, text) => {
      const now = cli.clock.monotonic();
      if (cli.options.quiet || cli.options.json || now - shownMillis < everyMillis) return;
      shownMillis = now;
      if (!isTerminal) {
        cli.stderr.write(`${share === undefined ? '' : `${Math.floor(share * 100)} %  `}${text}\n`);
        return;
      }
      const width = (cli.stderr.columns ?? 80) - 1;
      const bar =
        share === undefined ? '' : `${drawBar(share)} ${String(Math.floor(share * 100)).padStart(3)} %  `;
      cli.stderr.write(`\r\u001b[K${paint('cyan', bar)}${text.slice(0, Math.max(10, width - bar.length))}`);
      isShown = true;
    },
    end: () => {
      if (isShown) cli.stderr.write('\r\u001b[K');
      isShown = false;
    },
  };
}

function drawBar(share: number): string {
  const full = Math.round(Math.min(1, Math.max(0, share)) * BAR_WIDTH);
  return '━'.repeat(full) + '╌'.repeat(BAR_WIDTH - full);
}
