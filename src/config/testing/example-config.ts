/** The configuration that the documentation shows. */
export const EXAMPLE_CONFIG = `version: 1
data_dir: ./data
server: { listen: 127.0.0.1:8787 }
accounts:
  prod: { regions: [cn-north-1], profile: prod }
sources:
  ecs_services:
    type: aws_ecs
    account: prod
    discover: { clusters: [cluster-docker], services: ["*"], exclude: ["*-canary"] }
    source: ecs_log_source
    every: 10s
    start_from: -15m
  demo_task:
    type: cloudwatch_logs
    account: prod
    log_groups: [/ecs/demo-task]
    source: ecs_log_source
    schedule: "*/5 * * * *"
transforms:
  tidy: { inputs: [ecs_services, demo_task], multiline: java, level: auto, redact: [aws_keys, bearer_tokens], drop: '"GET /health"' }
destinations:
  local:  { type: store, inputs: [tidy], retention: 7d, max_disk: 5GiB }
  guance: { type: datakit, inputs: [tidy], url: "http://127.0.0.1:9529" }
`;
