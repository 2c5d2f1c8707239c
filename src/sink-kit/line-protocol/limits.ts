/**
 * What a DataKit takes of one point (seen on DataKit 1.84.1). It cuts silently what is over, and drops a point over
 * 1 MiB after a 200: so nothing over these bounds may leave this side.
 */
export const MAX_TAGS = 256;
export const MAX_FIELDS = 1024;
export const MAX_KEY_BYTES = 256;
export const MAX_TAG_VALUE_BYTES = 1024;
export const MAX_MEASUREMENT_BYTES = 1024;
/** Measurement and tags together, as they are written. */
export const MAX_PREFIX_BYTES = 65_535;
/** Where DataKit's own tailer cuts a message. */
export const MAX_MESSAGE_BYTES = 838_860;
/** Of a whole line, escapes included: a little under the 1 MiB at which the point vanishes. */
export const MAX_POINT_BYTES = 1_040_000;
