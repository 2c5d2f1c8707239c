"""
The DataKit client that the function platform gives to scripts, retold as far as the script uses it (its behaviour:
test/seed-way/datakit-connector.ts). What it does to a batch, in its order: it copies the points by way of JSON, checks
their types, copies them again, and posts them as line protocol, 100 points a request, each request on a connection of
its own by http.client, not compressed, and not one at a time with another. A point without a `timestamp` gets the
second of the call.
"""
import http.client
import json
import math
import re
import time
from urllib.parse import urlencode, urlsplit

WRITE_SIZE = 100
TIMEOUT_SECONDS = 10
SMALLEST_NANOS = 10**18

WHITESPACE = re.compile(r'\s')
IN_MEASUREMENT = re.compile(r'([, ])')
IN_KEY_OR_TAG = re.compile(r'([,= ])')
IN_STRING = re.compile(r'(["\\])')
ESCAPED = r'\\\1'


class DataKitConnector:
    def __init__(self, url):
        parts = urlsplit(url)
        self.host = parts.hostname
        self.port = parts.port

    def write_logging_many(self, data):
        points = [checked(point) for point in json_copy(data)]
        points = json_copy(points)
        response = None
        for group in range(math.ceil(len(points) / WRITE_SIZE)):
            body = line_protocol(points[group * WRITE_SIZE : (group + 1) * WRITE_SIZE])
            response = self.post('/v1/write/logging', {'input': 'datakit-python-sdk'}, body)
            if response[0] >= 400:
                raise Exception('POST %s failed. Status Code: %d' % (self.host, response[0]))
        return response

    def post(self, path, query, body):
        connection = http.client.HTTPConnection(self.host, port=self.port, timeout=TIMEOUT_SECONDS)
        headers = {'Content-Type': 'text/plain'}
        connection.request('POST', path + '?' + urlencode(query), body=body.encode('utf-8'), headers=headers)
        response = connection.getresponse()
        result = response.read()
        connection.close()
        try:
            result = json.loads(result.decode('utf-8'))
        except Exception:
            pass
        return response.status, result


def json_copy(value):
    return json.loads(json.dumps(value))


def checked(point):
    expect(point, dict)
    expect(point.get('measurement'), str)
    tags = point.get('tags')
    if tags:
        for key, value in expect(tags, dict).items():
            expect(key, str)
            expect(value, str)
    fields = expect(point.get('fields'), dict)
    timestamp = point.get('timestamp')
    if timestamp:
        expect(timestamp, (int, float))
    return {
        'measurement': point['measurement'],
        'tags': tags or None,
        'fields': fields or None,
        'timestamp': timestamp,
    }


def expect(value, kind):
    if not isinstance(value, kind):
        raise Exception('got %s: %r' % (type(value).__name__, value))
    return value


def line_protocol(points):
    return '\n'.join(line_of(point) for point in points)


def line_of(point):
    measurement = IN_MEASUREMENT.sub(ESCAPED, normalized(point['measurement']))
    tags = point.get('tags') or {}
    tag_list = []
    for key in sorted(tags):
        name = IN_KEY_OR_TAG.sub(ESCAPED, normalized(key))
        value = IN_KEY_OR_TAG.sub(ESCAPED, normalized(str(tags[key])))
        if name != '' and value != '':
            tag_list.append('{0}={1}'.format(name, value))
    tag_set = ',' + ','.join(tag_list) if tag_list else ''
    fields = point.get('fields') or {}
    field_list = []
    for key in sorted(fields):
        name = IN_KEY_OR_TAG.sub(ESCAPED, normalized(key))
        field_list.append('{0}={1}'.format(name, field_value(fields[key])))
    return '{0}{1} {2} {3}'.format(measurement, tag_set, ','.join(field_list), nanos(point.get('timestamp')))


def field_value(value):
    if isinstance(value, str):
        return '"{0}"'.format(IN_STRING.sub(ESCAPED, value))
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return '{0}i'.format(value)
    return str(value)


def normalized(key):
    return WHITESPACE.sub(' ', key).rstrip('\\')


def nanos(timestamp):
    value = int(timestamp or time.time())
    for _ in range(3):
        if value < SMALLEST_NANOS:
            value *= 1000
    return value
