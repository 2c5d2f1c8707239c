"""
Runs the seed's script once over a range that ends now, and writes what it took as one line of JSON: the last of its
output. Arguments: log group, length of the range in seconds.
"""
import contextlib
import io
import json
import re
import resource
import sys
import time

import aws_ecs_log


def main():
    group, interval = sys.argv[1], int(sys.argv[2])
    printed = io.StringIO()
    before = resource.getrusage(resource.RUSAGE_SELF)
    started = time.monotonic()
    with contextlib.redirect_stdout(printed):
        aws_ecs_log.run('ecs_log_source', group, interval)
    seconds = time.monotonic() - started
    after = resource.getrusage(resource.RUSAGE_SELF)
    pages = [int(total) for total in re.findall(r'^total (\d+)$', printed.getvalue(), re.MULTILINE)]
    error = re.search(r'^Error: .*$', printed.getvalue(), re.MULTILINE)
    print(json.dumps({
        'seconds': seconds,
        'cpuUserSeconds': after.ru_utime - before.ru_utime,
        'cpuSystemSeconds': after.ru_stime - before.ru_stime,
        # Linux counts kilobytes, macOS bytes.
        'peakRssBytes': after.ru_maxrss * (1 if sys.platform == 'darwin' else 1024),
        'beginRssBytes': before.ru_maxrss * (1 if sys.platform == 'darwin' else 1024),
        'records': sum(pages),
        'requests': len(pages),
        'error': error.group(0) if error else None,
    }))


main()
