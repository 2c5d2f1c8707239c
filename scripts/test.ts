// `npm test`: the checks, with every suite of the repository in place of the unit tests alone.
import { CHECK_STEPS, runSteps } from './steps.ts';

const withoutTests = CHECK_STEPS.filter((step) => !step.command.includes('vitest'));
runSteps([...withoutTests, { title: 'all tests', command: ['vitest', 'run'] }]);
