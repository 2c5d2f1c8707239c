"""Fills a moto server with a small ECS fleet and its logs; prints what was made as JSON."""

import json
import sys
import time

import boto3

endpoint, region = sys.argv[1], sys.argv[2]
keys = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}


def client(name):
    return boto3.client(name, endpoint_url=endpoint, region_name=region, **keys)


logs, ecs, ec2 = client("logs"), client("ecs"), client("ec2")
group = "/ecs/interop"
logs.create_log_group(logGroupName=group)

ecs.create_cluster(clusterName="interop")
definition = ecs.register_task_definition(
    family="web",
    networkMode="awsvpc",
    requiresCompatibilities=["FARGATE"],
    cpu="256",
    memory="512",
    containerDefinitions=[
        {
            "name": "app",
            "image": "registry.example/web:1",
            "memory": 256,
            "cpu": 128,
            "logConfiguration": {
                "logDriver": "awslogs",
                "options": {
                    "awslogs-group": group,
                    "awslogs-region": region,
                    "awslogs-stream-prefix": "ecs",
                },
            },
        }
    ],
)["taskDefinition"]["taskDefinitionArn"]
ecs.create_service(
    cluster="interop", serviceName="web", taskDefinition=definition, desiredCount=1, launchType="FARGATE"
)
subnet = ec2.describe_subnets()["Subnets"][0]["SubnetId"]
security_group = ec2.describe_security_groups()["SecurityGroups"][0]["GroupId"]
tasks = ecs.run_task(
    cluster="interop",
    taskDefinition=definition,
    launchType="FARGATE",
    networkConfiguration={"awsvpcConfiguration": {"subnets": [subnet], "securityGroups": [security_group]}},
)["tasks"]
task_id = tasks[0]["taskArn"].split("/")[-1]

stream = f"ecs/app/{task_id}"
logs.create_log_stream(logGroupName=group, logStreamName=stream)
now = int(time.time() * 1000)


def put(first_age_seconds, count):
    events = [
        {"timestamp": now - first_age_seconds * 1000 + n * 100, "message": f"line {first_age_seconds}-{n}"}
        for n in range(count)
    ]
    logs.put_log_events(logGroupName=group, logStreamName=stream, logEvents=events)


put(7200, 500)
put(300, 1000)
print(json.dumps({"group": group, "recent": 1000, "old": 500, "task": task_id}))
