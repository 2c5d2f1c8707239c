import { stringify } from 'yaml';
import type { EcsTree, EcsWorkload, EcsWorkloadContainer } from '../../aws/ecs-graph/ecs-tree.ts';
import { type Paint, safeText } from './paint.ts';
import { renderColumns } from './table.ts';

interface Found {
  readonly account: string;
  readonly tree: EcsTree;
}

/** cluster › service › container → log group; containers that log elsewhere are greyed, with the reason. */
export function renderTree(found: readonly Found[], paint: Paint): string {
  const lines: string[] = [];
  for (const { account, tree } of found) {
    for (const region of tree.regions) {
      lines.push(paint('bold', `${account} · ${region.region}`));
      if (region.clusters.length === 0) lines.push(paint('dim', '  no cluster'));
      for (const cluster of region.clusters) {
        lines.push(`└─ ${paint('cyan', safeText(cluster.name))}`);
        cluster.workloads.forEach((workload, index) => {
          lines.push(...workloadLines(workload, index === cluster.workloads.length - 1, paint));
        });
      }
    }
  }
  return `${lines.join('\n')}\n`;
}

function workloadLines(workload: EcsWorkload, isLast: boolean, paint: Paint): string[] {
  const { kind, name, runningCount, desiredCount, containers } = workload;
  const running =
    desiredCount === undefined ? `${runningCount} running` : `${runningCount}/${desiredCount} running`;
  const what = kind === 'service' ? '' : paint('dim', ' (standalone)');
  const stem = isLast ? '      ' : '   │  ';
  const head = `   ${isLast ? '└─' : '├─'} ${safeText(name)}${what} ${paint('dim', running)}`;
  const rows = containers.map((container, index) => {
    const branch = index === containers.length - 1 ? '└─' : '├─';
    const text = `${safeText(container.name)} → ${targetText(container)}`;
    return `${stem}${branch} ${container.log === undefined ? paint('dim', text) : text}`;
  });
  return [head, ...rows];
}

function targetText({ log, driver, reason }: EcsWorkloadContainer): string {
  return log === undefined
    ? safeText(reason ?? `logs to ${driver}`)
    : safeText(`${log.group} (${log.region})`);
}

export function renderTable(found: readonly Found[], paint: Paint): string {
  const rows = found.flatMap(({ account, tree }) =>
    tree.regions.flatMap(({ region, clusters }) =>
      clusters.flatMap((cluster) =>
        cluster.workloads.flatMap((workload) =>
          workload.containers.map((container) => [
            account,
            region,
            safeText(cluster.name),
            safeText(workload.name),
            String(workload.runningCount),
            safeText(container.name),
            targetText(container),
          ]),
        ),
      ),
    ),
  );
  return renderColumns(
    ['ACCOUNT', 'REGION', 'CLUSTER', 'SERVICE', 'RUNNING', 'CONTAINER', 'LOG GROUP'],
    rows,
    paint,
  );
}

/** Sources to paste into the configuration. */
export function renderYaml(found: readonly Found[]): string {
  const sources = Object.fromEntries(
    found.map(({ account, tree }) => [
      `ecs_${account.replaceAll(/\W/g, '_')}`,
      {
        type: 'aws_ecs',
        ...(account !== 'default' && { account }),
        discover: {
          clusters: [...new Set(tree.regions.flatMap(({ clusters }) => clusters.map(({ name }) => name)))],
          services: [
            ...new Set(
              tree.regions.flatMap(({ clusters }) =>
                clusters.flatMap(({ workloads }) => workloads.map(({ name }) => name)),
              ),
            ),
          ],
        },
      },
    ]),
  );
  return stringify({ sources });
}
