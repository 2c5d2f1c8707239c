import { describe } from 'vitest';
import { checkpointSuite } from './checkpoint-suite.ts';
import { countsSuite } from './counts-suite.ts';
import { deadLetterSuite } from './dead-letter-suite.ts';
import { leaseSuite } from './lease-suite.ts';
import { quarantineSuite } from './quarantine-suite.ts';
import { runStoreSuite } from './run-store-suite.ts';
import { spoolSuite } from './spool-suite.ts';
import { spoolWaitingSuite } from './spool-waiting-suite.ts';
import type { MakeHarness } from './state-store-harness.ts';
import { stateStoreModelSuite } from './state-store-model-suite.ts';

/** What every implementation of StateStore must do, stated once. Called at the top of a test file. */
export function stateStoreSuite(name: string, make: MakeHarness): void {
  describe(`${name} keeps checkpoints`, () => {
    checkpointSuite(make);
  });
  describe(`${name} counts events by minute`, () => {
    countsSuite(make);
  });
  describe(`${name} keeps a spool`, () => {
    spoolSuite(make);
    spoolWaitingSuite(make);
  });
  describe(`${name} keeps dead letters`, () => {
    deadLetterSuite(make);
  });
  describe(`${name} sets damaged entries aside`, () => {
    quarantineSuite(make);
  });
  describe(`${name} keeps runs`, () => {
    runStoreSuite(make);
  });
  describe(`${name} gives out leases`, () => {
    leaseSuite(make);
  });
  describe(`${name} and a plain model`, () => {
    stateStoreModelSuite(make);
  });
}
