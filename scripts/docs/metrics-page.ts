import { METRICS } from '../../src/contracts/metrics.ts';
import { type GeneratedFile, page } from './generated-file.ts';
import { code, prose, table } from './markdown.ts';

interface Metric {
  readonly kind: string;
  readonly labels: readonly string[];
  readonly help: string;
  readonly buckets?: readonly number[];
}

export function metricsPage(): GeneratedFile {
  const rows = Object.entries<Metric>(METRICS).map(([name, metric]) => [
    code(name),
    metric.kind,
    metric.labels.map(code).join(', '),
    prose(metric.help) + bucketsOf(metric),
  ]);
  return page(
    'metrics.md',
    '# Metrics',
    '`GET /metrics` of the server (`logferry up`) answers them in the text format of Prometheus. Times are in seconds, sizes in bytes; counters begin at 0 when the process starts. [Which of them to alert on](../guides/operate.md#what-to-alert-on).',
    table(['name', 'kind', 'labels', 'meaning'], rows),
    'Beside these stand those of Node.js: `process_*` (CPU, memory, start time) and `nodejs_*` (event loop delay, garbage collection, heap).',
  );
}

function bucketsOf({ buckets }: Metric): string {
  return buckets === undefined ? '' : ` Buckets: ${buckets.join(', ')}.`;
}
