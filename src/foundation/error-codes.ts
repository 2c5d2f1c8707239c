/**
 * Every error a user can meet, with a code that stays the same from release to release.
 * docs/reference/errors.md is generated from this table, and a test holds the two together.
 *
 * exitCode: 1 failure · 2 usage or configuration · 3 partial delivery · 4 authentication or permission ·
 * 5 destination unreachable · 130 interrupted (../cli documents the same numbers).
 */
export const ERROR_CODES = {
  // Configuration and usage
  CONFIG_UNREADABLE: { exitCode: 2, meaning: 'The configuration file cannot be read.' },
  CONFIG_SYNTAX: { exitCode: 2, meaning: 'The configuration file is not valid YAML.' },
  CONFIG_INVALID: { exitCode: 2, meaning: 'The configuration does not fit its schema.' },
  CONFIG_VARIABLE_MISSING: {
    exitCode: 2,
    meaning: 'The configuration names an environment variable, file or variable that is not there.',
  },
  USAGE: { exitCode: 2, meaning: 'The command line asks for something that does not exist.' },
  PORT_IN_USE: { exitCode: 2, meaning: 'Another program listens on the address that the server wants.' },
  LISTEN_NOT_LOOPBACK: {
    exitCode: 2,
    meaning: 'The server would listen beyond this machine although access control is off.',
  },
  // State
  DATA_DIR_LOCKED: { exitCode: 1, meaning: 'Another Logferry process works on the same data folder.' },
  DATA_DIR_UNUSABLE: { exitCode: 1, meaning: 'The data folder cannot be created, read or written.' },
  STATE_NEWER: { exitCode: 1, meaning: 'The state file was written by a newer Logferry.' },
  STATE_CORRUPT: { exitCode: 1, meaning: 'The state file is damaged.' },
  STATE_FAILED: { exitCode: 1, meaning: 'The state store could not do what was asked of it.' },
  STATE_CONFLICT: { exitCode: 1, meaning: 'Another worker moved the same checkpoint meanwhile.' },
  SPOOL_FULL: { exitCode: 3, meaning: 'The spool has reached its bound on disk; reading waits.' },
  // AWS
  AWS_CREDENTIALS_MISSING: { exitCode: 4, meaning: 'No AWS credentials were found.' },
  AWS_CREDENTIALS_INVALID: {
    exitCode: 4,
    meaning: 'AWS does not know the access key, or the signature is wrong.',
  },
  AWS_CREDENTIALS_EXPIRED: { exitCode: 4, meaning: 'The AWS session token has expired.' },
  AWS_DENIED: { exitCode: 4, meaning: 'The AWS identity may not call this action on this resource.' },
  AWS_REGION_WRONG: { exitCode: 2, meaning: 'The Region does not exist, or is not enabled for the account.' },
  AWS_NOT_FOUND: { exitCode: 1, meaning: 'The log group, cluster or other resource does not exist.' },
  AWS_THROTTLED: { exitCode: 1, meaning: 'AWS refused the request because of its rate; it is tried again.' },
  AWS_UNREACHABLE: { exitCode: 1, meaning: 'The AWS endpoint cannot be reached.' },
  AWS_UNAVAILABLE: { exitCode: 1, meaning: 'AWS answered with a server error; it is tried again.' },
  AWS_BAD_REPLY: { exitCode: 1, meaning: 'The reply of the AWS endpoint could not be understood.' },
  AWS_INVALID_REQUEST: { exitCode: 1, meaning: 'AWS did not accept the parameters of the request.' },
  AWS_LOG_CLASS: {
    exitCode: 1,
    meaning: 'The log group is of class INFREQUENT_ACCESS, which FilterLogEvents cannot read.',
  },
  AWS_CLOCK_SKEW: {
    exitCode: 4,
    meaning: "This machine's clock is too far from AWS's for a signature to be valid.",
  },
  // Destinations
  DESTINATION_NOT_FOUND: { exitCode: 2, meaning: 'The configuration has no destination of this name.' },
  DESTINATION_UNREACHABLE: { exitCode: 5, meaning: 'The destination cannot be reached.' },
  DESTINATION_NOT_DATAKIT: {
    exitCode: 5,
    meaning: 'Something answers at the address, but it is no DataKit.',
  },
  DESTINATION_DENIED: { exitCode: 4, meaning: 'The destination refuses the client or its token.' },
  DESTINATION_REJECTED: { exitCode: 3, meaning: 'The destination does not accept the data.' },
  DESTINATION_BUSY: { exitCode: 5, meaning: 'The destination asks to come back later.' },
  PARTIAL_DELIVERY: {
    exitCode: 3,
    meaning: 'Not everything was delivered; what waits is kept in the spool.',
  },
  // Log store
  STORE_UNAVAILABLE: {
    exitCode: 1,
    meaning: 'The engine of the log store is not installed or does not start.',
  },
  STORE_FAILED: { exitCode: 1, meaning: 'The engine of the log store answered with an error.' },
  STORE_NOT_CONFIGURED: { exitCode: 2, meaning: 'No destination of the configuration is a log store.' },
  STORE_BUSY: { exitCode: 1, meaning: 'So many searches wait already that no more are taken.' },
  RECORD_NOT_FOUND: { exitCode: 2, meaning: 'The log store has no such record.' },
  QUERY_INVALID: { exitCode: 2, meaning: 'The text is no query of the query language.' },
  QUERY_TOO_COSTLY: {
    exitCode: 1,
    meaning: 'A search took more time or memory than one may; it was ended.',
  },
  // The rest
  COVERAGE_GAP: {
    exitCode: 1,
    meaning: 'Part of the range could not be read, and is lost or has to be repaired.',
  },
  RUN_NOT_FOUND: { exitCode: 2, meaning: 'There is no run with this id.' },
  SERVER_NOT_RUNNING: { exitCode: 1, meaning: 'No Logferry server runs on the data folder.' },
  INTERRUPTED: { exitCode: 130, meaning: 'The command was interrupted.' },
  INTERNAL: { exitCode: 1, meaning: 'A defect of Logferry; please report it.' },
} as const satisfies Record<string, { exitCode: number; meaning: string }>;

export type ErrorCode = keyof typeof ERROR_CODES;
