"""The script of the seed, word for word. `DFF` is what the function platform gives to scripts: function_platform.py."""
import boto3
import json
import time

from function_platform import DFF

scope_id='ecs_log'

@DFF.API('aws_ecs log', timeout=500, api_timeout=180)
def run(measurement, logGroupName, interval):
    print(measurement, logGroupName, interval)
    get_log_data(measurement, logGroupName, interval)
    # if data is not None:
    #     push_log(data)
    # else:
    #     print("None")


def get_cron_time(interval, measurement):
    cache = DFF.CACHE.get('last_time_%s' %measurement,scope=scope_id)
    if cache == None:
        currentTime = int(round(time.time() * 1000))
        startTime = currentTime - int(interval) * 1000
        endTime = currentTime
    else:
        currentTime = int(round(time.time() * 1000))
        if currentTime - int(cache) > 10 * 60 * 1000:
            startTime = currentTime - int(interval) * 1000
            endTime = currentTime
        else:
            startTime = int(cache) + 1
            endTime = currentTime
    print(startTime, endTime)
    return  startTime, endTime

def get_log_data(measurement, logGroupName, interval):
    logTime = get_cron_time(interval, measurement)
    startTime = logTime[0]
    endTime = logTime[1]
    isPush = False
    client = boto3.client(
        'logs',
        aws_access_key_id=DFF.ENV('AWS_LOG_KEY'),
        aws_secret_access_key=DFF.ENV('AWS_LOG_SECRET_ACCESS_KEY'),
        region_name=DFF.ENV('AWS_REGION_NAME')
    )# print(client.meta.config)
    try:
        nextToken = 'frist'
        logData = []
        while nextToken != '':
            if nextToken == 'frist':
                nextToken = ''
                response = client.filter_log_events(
                    logGroupName=logGroupName,
                    startTime=startTime,
                    endTime=endTime,
                    limit=1000,
                    #filterPattern="?ERROR ?WARN ?error ?warn",
                    interleaved=False
                )
            else:
                response = client.filter_log_events(
                    logGroupName=logGroupName,
                    startTime=startTime,
                    endTime=endTime,
                    nextToken=nextToken,
                    limit=1000,
                    #filterPattern="?ERROR ?WARN ?error ?warn",
                    interleaved=False
                )
            try:
                if len(response['events']) > 0:
                    data = []
                    lastTimeList = []
                    for i in response['events']:
                        # print("hii", i['logStreamName'])
                        log = {
                            'measurement': measurement,
                            'tags': {
                                'logGroupName': logGroupName,
                                'logStreamName': i['logStreamName'],
                                'host': '127.0.0.1'
                            },
                            'fields': {
                                'message': i['message'],
                                'time': i['timestamp']
                            }
                        }
                        data.append(log)
                        lastTimeList.append(i['timestamp'])
                    push_log(data)
                    print("max %s"  % max(lastTimeList))
                    DFF.CACHE.set('last_time_%s' % measurement, max(lastTimeList), scope=scope_id, expire=None)
                    isPush = True
                else:
                    DFF.CACHE.set('last_time_%s' % measurement, endTime , scope=scope_id, expire=None)
                nextToken = response['nextToken']
            except:
                nextToken = ''
    except Exception as  e:
        print('Error: %s' % e )
        return None
    if not isPush:
        DFF.CACHE.set('last_time_%s' % measurement, endTime , scope=scope_id, expire=None)

def push_log(data):
    datakit = DFF.SRC('datakit')
    status_code, result = datakit.write_logging_many(data=data)
    if status_code == 200:
        print("total %d"  % len(data))
        print(status_code, result)
