/** CloudWatch Logs with log groups in which something happens: DescribeLogGroups and FilterLogEvents, in their own time. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../../../src/foundation/clock.ts';
import { type LiveGroup, liveGroups } from './live-groups.ts';
import { LivePages, PAGE_EVENTS } from './live-pages.ts';
import type { LivePlan } from './live-plan.ts';
import { RequestCounts, type RequestReport } from './request-counts.ts';
import { ServedPages } from './served-pages.ts';

const KEEP_ALIVE_MILLIS = 75_000;
const GROUPS_A_PAGE = 50;
const ARN = 'arn:aws:logs:us-east-1:123456789012:log-group:';

type Parameters = Readonly<Record<string, unknown>>;
type Around = <T>(work: () => Promise<T>) => Promise<T>;

export class LiveServer {
  readonly #plan: LivePlan;
  readonly #clock: Clock;
  readonly #groups: ReadonlyMap<string, LiveGroup>;
  readonly #pages = new LivePages();
  readonly #counts: RequestCounts;
  readonly #served = new ServedPages();
  readonly #server: Server;
  readonly #around: Around;
  #pagesServed = 0;

  private constructor(plan: LivePlan, clock: Clock, around: Around) {
    this.#plan = plan;
    this.#clock = clock;
    this.#around = around;
    this.#groups = new Map(liveGroups(plan.groups).map((group) => [group.name, group]));
    this.#counts = new RequestCounts(plan.window);
    this.#server = createServer({ keepAliveTimeout: KEEP_ALIVE_MILLIS }, (request, response) => {
      this.#reply(request, response).catch(() => response.destroy());
    });
  }

  /** `around` is given whatever is done without waiting for time to pass, and makes it happen. */
  static async start(plan: LivePlan, clock: Clock, around: Around = (work) => work()): Promise<LiveServer> {
    const server = new LiveServer(plan, clock, around);
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve));
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** FilterLogEvents so far. */
  get pages(): number {
    return this.#pagesServed;
  }

  report(): RequestReport {
    return { ...this.#counts.report(), phases: this.#served.report() };
  }

  /** A phase has ended; the next request begins another. */
  nextPhase(): void {
    this.#served.nextPhase();
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #reply(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parameters = await this.#around(() => readJson(request));
    const operation = String(request.headers['x-amz-target']).replace(/^.*\./, '');
    const group = this.#groups.get(String(parameters['logGroupName']));
    const askedMillis = this.#clock.now();
    this.#counts.note(operation, group?.label, askedMillis);
    if (operation === 'FilterLogEvents' && this.#plan.replyMillis > 0)
      await this.#clock.sleep(this.#plan.replyMillis);
    await this.#around(async () => {
      const sent = once(response, 'close');
      const { status, text } = this.#answer(operation, group, parameters, askedMillis);
      this.#send(response, status, text);
      await sent;
    });
  }

  #answer(
    operation: string,
    group: LiveGroup | undefined,
    parameters: Parameters,
    askedMillis: number,
  ): { readonly status: number; readonly text: string } {
    if (operation === 'DescribeLogGroups') return { status: 200, text: this.#listing(parameters) };
    if (operation !== 'FilterLogEvents' || group === undefined)
      return { status: 400, text: '{"__type":"InvalidParameterException"}' };
    this.#pagesServed++;
    return { status: 200, text: this.#page(group, parameters, askedMillis) };
  }

  #page(group: LiveGroup, parameters: Parameters, askedMillis: number): string {
    const { startTime, endTime, nextToken, limit } = parameters;
    const request = {
      fromMillis: typeof startTime === 'number' ? startTime : 0,
      toMillis: typeof endTime === 'number' ? endTime : Number.MAX_SAFE_INTEGER,
      limit: typeof limit === 'number' ? limit : PAGE_EVENTS,
      token: typeof nextToken === 'string' ? Number(nextToken) : undefined,
    };
    const page = this.#pages.page(group, request, this.#clock.now());
    this.#served.note(group, request, page, askedMillis);
    return page.text;
  }

  #listing({ logGroupNamePrefix, nextToken }: Parameters): string {
    const prefix = typeof logGroupNamePrefix === 'string' ? logGroupNamePrefix : '';
    const names = [...this.#groups.keys()].filter((name) => name.startsWith(prefix)).toSorted();
    const from = typeof nextToken === 'string' ? Number(nextToken) : 0;
    const to = from + GROUPS_A_PAGE;
    return JSON.stringify({
      logGroups: names.slice(from, to).map((logGroupName) => ({
        logGroupName,
        creationTime: 1_700_000_000_000,
        arn: `${ARN}${logGroupName}:*`,
        logGroupArn: `${ARN}${logGroupName}`,
        logGroupClass: 'STANDARD',
      })),
      ...(to < names.length && { nextToken: String(to) }),
    });
  }

  #send(response: ServerResponse, status: number, text: string): void {
    response.writeHead(status, {
      'content-type': 'application/x-amz-json-1.1',
      'content-length': Buffer.byteLength(text),
      date: new Date(this.#clock.now()).toUTCString(),
    });
    response.end(text);
  }
}

async function readJson(request: IncomingMessage): Promise<Parameters> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return JSON.parse(Buffer.concat(chunks).toString()) as Parameters;
}
