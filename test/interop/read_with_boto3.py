"""Reads the demo's endpoint the way other people's programs do; prints what it saw as JSON."""

import json
import sys

import boto3
from botocore.exceptions import ClientError

endpoint, region, key, secret, group, start, end = sys.argv[1:8]
keys = {"aws_access_key_id": key, "aws_secret_access_key": secret}


def client(name, **other):
    return boto3.client(name, endpoint_url=endpoint, region_name=region, **{**keys, **other})


logs, ecs, sts = client("logs"), client("ecs"), client("sts")
pages = logs.get_paginator("filter_log_events").paginate(
    logGroupName=group, startTime=int(start), endTime=int(end), PaginationConfig={"PageSize": 500}
)
ids = [event["eventId"] for page in pages for event in page["events"]]
groups = [g["logGroupName"] for page in logs.get_paginator("describe_log_groups").paginate() for g in page["logGroups"]]
streams = [
    s["logStreamName"]
    for page in logs.get_paginator("describe_log_streams").paginate(logGroupName=group)
    for s in page["logStreams"]
]
cluster = ecs.list_clusters()["clusterArns"][0]
services = [a for page in ecs.get_paginator("list_services").paginate(cluster=cluster) for a in page["serviceArns"]]
described = ecs.describe_services(cluster=cluster, services=services)["services"]
tasks = [a for page in ecs.get_paginator("list_tasks").paginate(cluster=cluster) for a in page["taskArns"]]
definition = ecs.describe_task_definition(taskDefinition=described[0]["taskDefinition"])["taskDefinition"]


def code_of(call):
    try:
        call()
    except ClientError as error:
        return error.response["Error"]["Code"]
    return "none"


print(
    json.dumps(
        {
            "account": sts.get_caller_identity()["Account"],
            "events": len(ids),
            "distinct": len(set(ids)),
            "groups": sorted(groups),
            "streams": len(streams),
            "services": len(described),
            "tasks": len(ecs.describe_tasks(cluster=cluster, tasks=tasks)["tasks"]),
            "containers": len(definition["containerDefinitions"]),
            "missing_group": code_of(lambda: logs.filter_log_events(logGroupName="/none")),
            "wrong_secret": code_of(lambda: client("logs", aws_secret_access_key="wrong").describe_log_groups()),
        }
    )
)
