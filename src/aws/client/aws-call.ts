/** Which call it was, for the message and the hint. */
export interface AwsCall {
  /** As IAM names it: `logs:FilterLogEvents`. */
  readonly action: string;
  readonly region: string;
  /** The account's name in the configuration. */
  readonly account: string;
  /** What was asked for: a log group's name, a cluster. */
  readonly resource?: string | undefined;
  /** Where the endpoint was overridden. */
  readonly endpoint?: string | undefined;
  /** How the account comes to its keys: `profile prod`; never a key. */
  readonly credentials: string;
  /** Local time when the reply came, Unix milliseconds: with the reply's Date header it tells the clock's offset. */
  readonly nowMillis: number;
  /** It was signed with the time that the SDK had learned from an earlier refusal: the clock is not why it was refused. */
  readonly clockCorrected?: boolean;
}
