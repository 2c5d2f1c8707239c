import { monitorEventLoopDelay } from 'node:perf_hooks';
import { childUsage } from './child-usage.ts';
import { waitedSeconds } from './waited-seconds.ts';

export interface Measured {
  readonly seconds: number;
  readonly cpuUserSeconds: number;
  readonly cpuSystemSeconds: number;
  /** Of the process since its start, loading of the program included. */
  readonly peakRssBytes: number;
  /** When the measured part began: what the program takes before it reads anything. */
  readonly beginRssBytes: number;
  /** Of the log store's engine, where there is one. */
  readonly childCpuSeconds: number;
  readonly childPeakRssBytes: number;
  /** How late timers were: what the event loop was kept from; undefined where there is none. */
  readonly loopDelayP99Millis: number | undefined;
  readonly loopDelayMaxMillis: number | undefined;
  /** The main thread was ready to run and had no core; undefined where that is not known. */
  readonly waitedSeconds: number | undefined;
}

/** A timer of so many milliseconds is watched; what it is late by is the delay. */
const LOOP_RESOLUTION_MILLIS = 10;

/** Begins to measure; what it answers ends it. */
export function startMeter(): () => Measured {
  const beginRssBytes = process.memoryUsage.rss();
  const childBefore = childUsage();
  const cpuBefore = process.cpuUsage();
  const waitedBefore = waitedSeconds(process.pid);
  const loop = monitorEventLoopDelay({ resolution: LOOP_RESOLUTION_MILLIS });
  loop.enable();
  const startedMillis = performance.now();
  return () => {
    const seconds = (performance.now() - startedMillis) / 1000;
    const { user, system } = process.cpuUsage(cpuBefore);
    loop.disable();
    const child = childUsage();
    const waited = waitedSeconds(process.pid);
    return {
      seconds,
      cpuUserSeconds: user / 1e6,
      cpuSystemSeconds: system / 1e6,
      peakRssBytes: process.resourceUsage().maxRSS * 1024,
      beginRssBytes,
      childCpuSeconds: ((child?.cpuMillis ?? 0) - (childBefore?.cpuMillis ?? 0)) / 1000,
      childPeakRssBytes: child?.peakRssBytes ?? 0,
      loopDelayP99Millis: delayOf(loop.percentile(99)),
      loopDelayMaxMillis: delayOf(loop.max),
      waitedSeconds: waited === undefined || waitedBefore === undefined ? undefined : waited - waitedBefore,
    };
  };
}

const delayOf = (nanos: number) => Math.max(0, nanos / 1e6 - LOOP_RESOLUTION_MILLIS);
