// `npm run backlog`: a long backlog while DataKit is down, then up. All of it must arrive, within bounds. See bench/README.md.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatByteSize } from '../../src/foundation/byte-size.ts';
import { describeError } from '../../src/foundation/logferry-error.ts';
import { judge } from './judge.ts';
import { type BacklogOptions, readOptions, USAGE } from './options.ts';
import { type Phase, runBacklog } from './run-backlog.ts';

const interrupted = new AbortController();
process.once('SIGINT', () => interrupted.abort(new Error('Interrupted.')));
process.once('SIGTERM', () => interrupted.abort(new Error('Interrupted.')));

const tell = (text: string) => process.stderr.write(`${text}\n`);

async function main(options: BacklogOptions): Promise<boolean> {
  const base = options.dir ?? tmpdir();
  mkdirSync(base, { recursive: true });
  const runDir = mkdtempSync(join(base, 'logferry-backlog-'));
  try {
    tell(`${options.records.toLocaleString('en')} log events of ${options.hours} h; DataKit is down.`);
    const run = await runBacklog(options, runDir, tell, interrupted.signal);
    if (run.wasFull) tell('The spool was full: reading waited.');
    for (const phase of run.phases) process.stdout.write(`${describe(phase)}\n`);
    const verdicts = judge(run, options);
    for (const { what, seen, asked, isMet } of verdicts)
      process.stdout.write(
        `${isMet === undefined ? '?   ' : isMet ? 'ok  ' : 'FAIL'} ${what}: ${seen} (${asked})\n`,
      );
    return verdicts.every(({ isMet }) => isMet !== false);
  } finally {
    rmSync(runDir, { recursive: true, force: true, maxRetries: 5 });
  }
}

function describe(phase: Phase): string {
  const perSecond = Math.round(phase.records / phase.seconds).toLocaleString('en');
  return [
    `${phase.name} ${phase.records.toLocaleString('en')} in ${phase.seconds.toFixed(0)} s (${perSecond}/s)`,
    `${((phase.cpuSeconds / phase.records) * 1e6).toFixed(1)} CPU s/million`,
    `RSS at most ${Math.round(phase.peakRssBytes / 1e6)} MB, at its end ${Math.round(phase.lastRssBytes / 1e6)} MB`,
    `disk at most ${formatByteSize(phase.peakDiskBytes)} (log ${formatByteSize(phase.peakWalBytes)}), at its end ${formatByteSize(phase.lastDiskBytes)}`,
    `no core for ${((phase.waitedSeconds / phase.seconds) * 100).toFixed(0)} % of the time`,
    `event loop p99 ${phase.loopDelayP99Millis.toFixed(0)} ms, longest ${phase.loopDelayMaxMillis.toFixed(0)} ms`,
  ].join(' · ');
}

try {
  const options = readOptions(process.argv.slice(2));
  main(options).then(
    (isMet) => {
      process.exitCode = isMet ? 0 : 1;
    },
    (thrown: unknown) => {
      tell(interrupted.signal.aborted ? 'Interrupted.' : describeError(thrown));
      process.exitCode = 1;
    },
  );
} catch (thrown) {
  tell(`${describeError(thrown)}\n\n${USAGE}`);
  process.exitCode = 2;
}
