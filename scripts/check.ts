// `npm run check`: everything that ends within a minute.
import { CHECK_STEPS, runSteps } from './steps.ts';

runSteps(CHECK_STEPS);
