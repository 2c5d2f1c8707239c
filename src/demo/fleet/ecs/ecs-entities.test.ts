import type { Cluster, Service, Task, TaskDefinition } from '@aws-sdk/client-ecs';
import { describe, expect, test } from 'vitest';
import { FakeClock } from '../../../foundation/fake-clock.ts';
import type { AwsWorld } from '../../aws-world.ts';
import { createAwsWorld } from '../../world/create-aws-world.ts';
import { DemoFleet } from '../demo-fleet.ts';

const START = Date.UTC(2026, 10, 23, 10, 0, 0);
const MINUTE = 60_000;

/** A world that also remembers its ECS entities by ARN, so that a test can look at them. */
function watchedWorld() {
  const clusters = new Map<string, Cluster>();
  const definitions = new Map<string, TaskDefinition>();
  const services = new Map<string, Service>();
  const tasks = new Map<string, Task>();
  const inner = createAwsWorld();
  const world: AwsWorld = {
    accountId: inner.accountId,
    partition: inner.partition,
    createLogGroup: (group) => inner.createLogGroup(group),
    deleteLogGroup: (region, name) => inner.deleteLogGroup(region, name),
    putEvents: (region, group, stream, events) => inner.putEvents(region, group, stream, events),
    events: (region, group) => inner.events(region, group),
    putCluster: (_region, cluster) => void clusters.set(cluster.clusterArn ?? '', cluster),
    putTaskDefinition: (_region, definition) =>
      void definitions.set(definition.taskDefinitionArn ?? '', definition),
    putService: (_region, service) => void services.set(service.serviceArn ?? '', service),
    putTask: (_region, task) => void tasks.set(task.taskArn ?? '', task),
    removeTask: (_region, arn) => void tasks.delete(arn),
    removeService: (_region, arn) => void services.delete(arn),
  };
  return { world, clusters, definitions, services, tasks };
}

describe('the ECS entities of the demo fleet', () => {
  const watched = watchedWorld();
  const fleet = new DemoFleet({
    world: watched.world,
    clock: new FakeClock(START),
    seed: 7,
    startMillis: START,
  });
  fleet.backfill();
  const tasks = () => [...watched.tasks.values()];
  const stopped = () => tasks().filter((task) => task.lastStatus === 'STOPPED');

  const expectWholeGraph = () => {
    for (const service of watched.services.values()) {
      expect(watched.clusters.has(service.clusterArn ?? '')).toBe(true);
      expect(watched.definitions.has(service.taskDefinition ?? '')).toBe(true);
      const [cluster] = watched.clusters.values();
      for (const { capacityProvider } of service.capacityProviderStrategy ?? []) {
        expect(cluster?.capacityProviders).toContain(capacityProvider);
      }
      const own = tasks().filter((task) => task.group === `service:${service.serviceName}`);
      expect(own.filter((task) => task.lastStatus === 'RUNNING')).toHaveLength(service.runningCount ?? -1);
      const deployments = service.deployments?.map((deployment) => deployment.id);
      for (const task of own) expect(deployments).toContain(task.startedBy);
    }
    for (const task of tasks()) {
      const definition = watched.definitions.get(task.taskDefinitionArn ?? '');
      expect(watched.clusters.has(task.clusterArn ?? '')).toBe(true);
      expect(task.containers?.map((container) => container.name)).toEqual(
        definition?.containerDefinitions?.map((container) => container.name),
      );
      expect(task.containers?.every((container) => container.taskArn === task.taskArn)).toBe(true);
      const [kind, name] = task.group?.split(':') ?? [];
      if (kind === 'service')
        expect([...watched.services.values()].some((s) => s.serviceName === name)).toBe(true);
      else expect(name).toBe(definition?.family);
    }
  };

  test('there are four services, one standalone task, and one service on EC2 by a capacity provider', () => {
    expect(new Set([...watched.services.values()].map((service) => service.serviceName))).toEqual(
      new Set(['checkout-api', 'orders', 'web', 'worker']),
    );
    expect(tasks().filter((task) => task.group === 'family:demo-task')).toHaveLength(1);
    expect(tasks().find((task) => task.launchType === 'EC2')?.capacityProviderName).toBe('demo-ec2');
  });

  test('every entity refers to existing ones, at the start and through a replacement', () => {
    expect(watched.tasks.size).toBeGreaterThan(0);
    expectWholeGraph();
    for (let second = 0; second <= 360; second += 5) {
      fleet.advance(START + second * 1000);
      expectWholeGraph();
    }
  });

  test('the stream of every running container with awslogs holds events', () => {
    const streams = new Set(
      fleet.logGroups
        .flatMap((group) => watched.world.events('us-east-1', group))
        .map((event) => event.stream),
    );
    for (const task of tasks().filter(({ lastStatus }) => lastStatus === 'RUNNING')) {
      const definition = watched.definitions.get(task.taskDefinitionArn ?? '');
      for (const container of definition?.containerDefinitions ?? []) {
        const { logDriver, options } = container.logConfiguration ?? {};
        if (logDriver !== 'awslogs') continue;
        const prefix = options?.['awslogs-stream-prefix'];
        const stream =
          prefix === undefined
            ? task.containers?.find(({ name }) => name === container.name)?.runtimeId
            : `${prefix}/${container.name}/${task.taskArn?.split('/').at(-1)}`;
        expect(streams).toContain(stream);
        expect(fleet.logGroups).toContain(options?.['awslogs-group']);
      }
    }
  });

  test('a task was killed for its memory within the last hour, and another is while the fleet runs', () => {
    const [first, second] = stopped().sort((a, b) => Number(a.stoppedAt) - Number(b.stoppedAt));
    expect(first?.stoppedAt?.getTime()).toBeLessThan(START);
    expect(second?.stoppedAt?.getTime()).toBeGreaterThan(START);
    for (const task of [first, second]) {
      expect(task).toMatchObject({
        group: 'service:orders',
        stopCode: 'EssentialContainerExited',
        containers: [{ exitCode: 137, reason: expect.stringContaining('OutOfMemoryError') }],
      });
    }
  });

  test('a stopped task is gone after an hour', () => {
    fleet.advance(START + 30 * MINUTE);
    expect(stopped()).toHaveLength(1);
    fleet.advance(START + 70 * MINUTE);
    expect(stopped()).toHaveLength(0);
  });
});
