/** CloudWatch Logs as it may behave, in memory: what it shows depends on the moment, and any request may go wrong. */
import type { FilterLogEventsCommandInput } from '@aws-sdk/client-cloudwatch-logs';
import type { Answered, AwsAccount, CallOptions, LogsApi } from '../../../../src/aws/aws-account.ts';
import type { ErrorCode } from '../../../../src/foundation/error-codes.ts';
import { LogferryError } from '../../../../src/foundation/logferry-error.ts';
import { pickOne, type Random, randomInteger } from '../../../../src/foundation/random.ts';
import type { WorldClock } from './clock.ts';
import { HOUR, MINUTE, type Weather } from './weather.ts';
import { type Generation, type Group, generationAt, goneMillis, type PlannedEvent } from './world.ts';

export const REGION = 'us-east-1';
export const ACCOUNT = '123456789012';
const DAY = 24 * HOUR;

/** Where a token leads to: what of the range comes after it. */
interface Position {
  readonly of: string;
  readonly generation: Generation;
  readonly rest: readonly PlannedEvent[];
}

export class Service {
  /** Ends with the storm. */
  isStormy = true;
  isDenied = false;
  requests = 0;
  mishaps = 0;
  readonly #groups: readonly Group[];
  readonly #clock: WorldClock;
  readonly #weather: Weather;
  readonly #random: Random;
  #wrongAt = Number.NEGATIVE_INFINITY;
  readonly #tokens = new Map<string, Position>();

  constructor(groups: readonly Group[], clock: WorldClock, weather: Weather, random: Random) {
    this.#groups = groups;
    this.#clock = clock;
    this.#weather = weather;
    this.#random = random;
  }

  /** As one process sees it: a process that is dead is never answered. */
  accountOf(owner: { readonly isAlive: boolean }): AwsAccount {
    const notUsed = () => Promise.reject(new Error('not used'));
    const answer = async <T>(signal: AbortSignal, make: () => T): Promise<Answered<T>> => {
      this.requests++;
      await this.#clock.sleep(owner, this.#answerMillis() / 2, signal);
      const output = make();
      const serverMillis = this.#date();
      await this.#clock.sleep(owner, this.#answerMillis() / 2, signal);
      return { output, serverMillis, release: () => {} };
    };
    const logs: LogsApi = {
      getLogEvents: notUsed,
      describeLogStreams: notUsed,
      describeLogGroups: (_input, { signal }: CallOptions) => answer(signal, () => this.#describe()),
      filterLogEvents: (input, { signal }: CallOptions) => answer(signal, () => this.#filter(input)),
    };
    return {
      id: 'test',
      regions: [REGION],
      identity: () => Promise.resolve({ accountId: ACCOUNT, arn: 'arn', partition: 'aws' }),
      logs: () => logs,
      ecs: () => {
        throw new Error('not used');
      },
      close: () => Promise.resolve(),
    };
  }

  #describe() {
    this.#fail(['AWS_UNAVAILABLE', 'AWS_THROTTLED']);
    const logGroups = this.#groups.flatMap((group) => {
      const generation = generationAt(group, this.#clock.nowMillis);
      if (generation === undefined) return [];
      return {
        logGroupName: group.name,
        arn: `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:${group.name}:*`,
        creationTime: generation.createdMillis,
        ...(group.retentionMillis !== undefined && { retentionInDays: group.retentionMillis / DAY }),
      };
    });
    return { logGroups, $metadata: {} };
  }

  #filter(input: FilterLogEventsCommandInput) {
    if (this.isDenied) throw new LogferryError('AWS_DENIED', 'denied');
    this.#fail(['AWS_THROTTLED', 'AWS_UNREACHABLE', 'AWS_BAD_REPLY', 'AWS_UNAVAILABLE', 'INTERNAL']);
    const { nextToken } = input;
    const of = `${input.logGroupName} ${input.startTime} ${input.endTime}`;
    const group = this.#groups.find(({ name }) => name === input.logGroupName);
    const generation = group && generationAt(group, this.#clock.nowMillis);
    if (group === undefined || generation === undefined) throw new LogferryError('AWS_NOT_FOUND', of);
    const position =
      nextToken === undefined ? this.#begin(of, generation, input) : this.#tokens.get(nextToken);
    const isExpired = nextToken !== undefined && this.#isDrawn(this.#weather.expiredToken);
    if (position?.of !== of || position.generation !== generation || isExpired)
      throw new LogferryError('AWS_INVALID_REQUEST', 'The specified nextToken is invalid.');
    const { events, rest } = this.#page(group, position);
    // The same token again is no progress; an empty page with a token is.
    if (nextToken !== undefined && this.#isDrawn(this.#weather.repeatedToken))
      return reply(events, nextToken);
    return reply(events, rest.length === 0 ? undefined : this.#token({ ...position, rest }));
  }

  #begin(of: string, generation: Generation, input: FilterLogEventsCommandInput): Position {
    const { startTime = 0, endTime = Number.POSITIVE_INFINITY } = input;
    const rest = generation.events.filter(({ timestampMillis: at }) => at >= startTime && at <= endTime);
    return { of, generation, rest: this.#weather.scatters ? this.#shuffled(rest) : rest };
  }

  /** What of the next events is shown at this moment. */
  #page(group: Group, { generation, rest }: Position) {
    const nowMillis = this.#clock.nowMillis;
    const isShort = this.#random.next() < 0.1;
    const size = this.#isDrawn(this.#weather.emptyPage)
      ? 0
      : isShort
        ? randomInteger(this.#random, 1, this.#weather.pageSize + 1)
        : this.#weather.pageSize;
    const shown = ({ event }: { event: PlannedEvent }) =>
      event.shownMillis <= nowMillis && nowMillis < goneMillis(group, generation, event);
    const found: PlannedEvent[] = [];
    let looked = 0;
    for (; looked < rest.length && found.length < size; looked++) {
      const event = rest[looked] as PlannedEvent;
      if (shown({ event })) found.push(event);
    }
    return { events: found, rest: rest.slice(looked) };
  }

  #token(position: Position): string {
    const token = `t${this.#tokens.size}`;
    this.#tokens.set(token, position);
    return token;
  }

  #fail(codes: readonly ErrorCode[]): void {
    if (this.#isDrawn(this.#weather.failure)) throw new LogferryError(pickOne(this.#random, codes), 'failed');
  }

  /** Whole seconds, as the header has them. Of several in a row one at most is wrong. */
  #date(): number {
    const isWrong = this.requests - this.#wrongAt > 20 && this.#isDrawn(this.#weather.wrongDate);
    if (isWrong) this.#wrongAt = this.requests;
    const wrong = isWrong ? (this.#random.next() - 0.5) * 6 * HOUR : 0;
    return Math.floor((this.#clock.nowMillis + wrong) / 1000) * 1000;
  }

  #answerMillis(): number {
    const { answerMillis, slowShare } = this.#weather;
    return this.#random.next() * (this.#isDrawn(slowShare) ? 5 * MINUTE : answerMillis);
  }

  #isDrawn(chance: number): boolean {
    const isDrawn = this.isStormy && chance > 0 && this.#random.next() < chance;
    if (isDrawn) this.mishaps++;
    return isDrawn;
  }

  #shuffled<T>(items: readonly T[]): T[] {
    const left = [...items];
    return items.map(() => left.splice(randomInteger(this.#random, 0, left.length), 1)[0] as T);
  }
}

function reply(events: readonly PlannedEvent[], nextToken: string | undefined) {
  return {
    events: events.map(({ id, timestampMillis, ingestedMillis }) => ({
      eventId: id,
      logStreamName: 's/app/1',
      timestamp: timestampMillis,
      ingestionTime: ingestedMillis,
      message: id,
    })),
    nextToken,
    $metadata: {},
  };
}
