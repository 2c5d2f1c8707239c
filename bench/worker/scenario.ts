/** What a scenario is told. All of it passes through the command line of its process, as JSON. */
export interface Surroundings {
  readonly awsUrl: string;
  readonly datakitUrl: string;
  /** A folder for this run alone; removed afterwards. */
  readonly dir: string;
  /** Events that the log group holds, the oldest and the newest of them. */
  readonly records: number;
  readonly fromMillis: number;
  readonly toMillis: number;
}

/** What a scenario did, and what the benchmark holds against it. */
export interface Done {
  /** Log events read. Joined lines are several of them. */
  readonly records: number;
  /** Points that the DataKit stand-in must have counted. */
  readonly points: number;
  /** Requests to AWS. */
  readonly requests: number;
}

/** Open: modules are loaded, state and connections are there. Only `run` is measured. */
export interface Opened {
  run(): Promise<Done>;
  close(): Promise<void>;
}

export interface Scenario {
  readonly name: string;
  /** One line for the report. */
  readonly title: string;
  /** How often it is run at most; left out = as often as the others. */
  readonly maxRuns?: number;
  /** It does not read, it waits: its numbers are a table of their own. */
  readonly isIdle?: boolean;
  /** Loads what it needs: a process has only that in memory which its scenario uses. */
  open(surroundings: Surroundings): Promise<Opened>;
}
