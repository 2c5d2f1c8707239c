/**
 * The script of the seed, which people paste into a function platform to get the logs of ECS into DataKit, retold line by
 * line: its window, its pages, its cursor and what it does with errors. Names are the script's own where it has any.
 *
 *   get_cron_time   startTime = int(cache) + 1, but currentTime - interval * 1000 without a cache, and when
 *                   currentTime - int(cache) > 10 * 60 * 1000; endTime = currentTime
 *   get_log_data    while nextToken != '': client.filter_log_events(logGroupName, startTime, endTime, nextToken,
 *                   limit=1000, interleaved=False)
 *                   inside an inner try: a point an event, with the tags logGroupName, logStreamName,
 *                   host='127.0.0.1' and the fields message, time; push_log(data);
 *                   DFF.CACHE.set('last_time_%s' % measurement, max(lastTimeList)), or endTime for a page without events;
 *                   nextToken = response['nextToken'], whose KeyError is what ends the loop:   except: nextToken = ''
 *                   outer:   except Exception as e: print('Error: %s' % e); return None
 *                   if not isPush: DFF.CACHE.set('last_time_%s' % measurement, endTime)
 *   push_log        status_code, result = datakit.write_logging_many(data=data); if status_code == 200: print(...)
 *
 * What differs: the clock and the cache come from outside, and the AWS client is the one for JavaScript, told to wait and
 * to try as boto3 does by default (5 attempts, 60 s). It asks ECS for nothing, as the script does not. The platform's own
 * limit (`timeout=500`: SIGKILL after 500 s) is for whoever runs it.
 */
import {
  type CloudWatchLogsClient,
  FilterLogEventsCommand,
  type FilterLogEventsCommandOutput,
} from '@aws-sdk/client-cloudwatch-logs';
import { type DataKitConnector, type Point, writeLoggingMany } from './datakit-connector.ts';
import type { FunctionCache } from './function-cache.ts';

const scopeId = 'ecs_log';
const TEN_MINUTES_MILLIS = 10 * 60 * 1000;

export interface ScriptArguments {
  readonly measurement: string;
  readonly logGroupName: string;
  /** Seconds. */
  readonly interval: number;
}

/** What the platform gives to the script. */
export interface Platform {
  readonly logs: CloudWatchLogsClient;
  readonly datakit: DataKitConnector;
  readonly cache: FunctionCache;
  /** Unix milliseconds. */
  readonly now: () => number;
  readonly print: (text: string) => void;
}

export async function run(script: ScriptArguments, platform: Platform): Promise<void> {
  platform.print(`${script.measurement} ${script.logGroupName} ${script.interval}`);
  await getLogData(script, platform);
}

function getCronTime({ interval, measurement }: ScriptArguments, { cache, now }: Platform) {
  const last = cache.get(scopeId, `last_time_${measurement}`);
  const currentTime = Math.round(now());
  if (last === undefined || currentTime - Number(last) > TEN_MINUTES_MILLIS) {
    return { startTime: currentTime - interval * 1000, endTime: currentTime };
  }
  return { startTime: Number(last) + 1, endTime: currentTime };
}

async function getLogData(script: ScriptArguments, platform: Platform): Promise<void> {
  const { measurement, logGroupName } = script;
  const { startTime, endTime } = getCronTime(script, platform);
  const setLastTime = (millis: number) =>
    platform.cache.set(scopeId, `last_time_${measurement}`, String(millis));
  let isPush = false;
  try {
    let nextToken = 'frist';
    while (nextToken !== '') {
      const sentToken: string | undefined = nextToken === 'frist' ? undefined : nextToken;
      nextToken = '';
      const response: FilterLogEventsCommandOutput = await platform.logs.send(
        new FilterLogEventsCommand({
          logGroupName,
          startTime,
          endTime,
          ...(sentToken !== undefined && { nextToken: sentToken }),
          limit: 1000,
          interleaved: false,
        }),
      );
      try {
        const events = response.events ?? [];
        if (events.length > 0) {
          const data: Point[] = [];
          const lastTimeList: number[] = [];
          for (const { logStreamName = '', message = '', timestamp = 0 } of events) {
            data.push({
              measurement,
              tags: { logGroupName, logStreamName, host: '127.0.0.1' },
              fields: { message, time: timestamp },
            });
            lastTimeList.push(timestamp);
          }
          await pushLog(data, platform);
          setLastTime(lastTimeList.reduce((a, b) => Math.max(a, b)));
          isPush = true;
        } else {
          setLastTime(endTime);
        }
        if (response.nextToken === undefined) throw new Error("KeyError: 'nextToken'");
        nextToken = response.nextToken;
      } catch {
        nextToken = '';
      }
    }
  } catch (thrown) {
    platform.print(`Error: ${String(thrown)}`);
    return;
  }
  if (!isPush) setLastTime(endTime);
}

async function pushLog(data: readonly Point[], { datakit, print }: Platform): Promise<void> {
  const answer = await writeLoggingMany(datakit, data);
  if (answer === undefined) throw new TypeError('cannot unpack non-iterable NoneType object');
  if (answer[0] === 200) print(`total ${data.length}`);
}
