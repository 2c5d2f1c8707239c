import type { LogStore } from '../../src/contracts/log-store.ts';
import { childUsage } from '../worker/child-usage.ts';
import { storedRecords } from './stored-records.ts';

export interface Filled {
  readonly bytesOnDisk: number;
  /** Of the store's engine, for a million records; undefined where it was filled before, or there is no /proc. */
  readonly engineSecondsAMillion: number | undefined;
}

const BATCH = 10_000;
const MAX_MILLIS = 3_600_000;

/** Fills an empty store with records of a range that ends now; one that has as many as are wanted is left alone. */
export async function fillStore(store: LogStore, wanted: number, rangeMillis: number): Promise<Filled> {
  const signal = AbortSignal.timeout(MAX_MILLIS);
  const before = await store.usage(signal);
  if (before.records === wanted) return { bytesOnDisk: before.bytesOnDisk, engineSecondsAMillion: undefined };
  if (before.records > 0) throw new Error(`The folder holds ${before.records} records already.`);
  const toMillis = Date.now();
  const start = childUsage()?.cpuMillis;
  let done = 0;
  for (const batch of storedRecords(wanted, toMillis - rangeMillis, toMillis, BATCH)) {
    await store.append(batch, { redelivery: false }, signal);
    done += batch.length;
    if (done % 1_000_000 === 0) process.stderr.write(`${done.toLocaleString('en')} records\n`);
  }
  const end = childUsage()?.cpuMillis;
  const { bytesOnDisk } = await store.usage(signal);
  return {
    bytesOnDisk,
    engineSecondsAMillion:
      start === undefined || end === undefined ? undefined : ((end - start) / wanted) * 1000,
  };
}
