import type { Definition } from '../../contracts/component.ts';
import type { Transform } from '../../contracts/transform.ts';
import { createLevelDetector, type DetectLevelOptions, detectLevelOptions } from './options.ts';

export const detectLevel: Definition<Transform, DetectLevelOptions> = {
  type: 'detect_level',
  title: 'Detect level',
  description:
    'Reads the level that a message states: JSON keys, logfmt, klog, syslog, the head of a text line.',
  options: detectLevelOptions,
  create: createLevelDetector,
};
