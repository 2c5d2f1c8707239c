import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { METRICS, type MetricName, type Metrics } from '../contracts/metrics.ts';

export interface PrometheusMetrics extends Metrics {
  readonly contentType: string;
  /** The text that /metrics answers. */
  render(): Promise<string>;
}

type Instrument = Counter | Gauge | Histogram;

/** Every metric of the table, and Node's own (`process_…`, `nodejs_…`: event loop delay among them). */
export function createPrometheusMetrics(): PrometheusMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const instruments = new Map<MetricName, Instrument>();
  for (const name of Object.keys(METRICS) as MetricName[]) instruments.set(name, instrument(name, registry));
  const of = (name: MetricName) => instruments.get(name);
  return {
    count: (name, labels, by = 1) => {
      if (by > 0) (of(name) as Counter).inc(labels, by);
    },
    set: (name, labels, value) => (of(name) as Gauge).set(labels, value),
    observe: (name, labels, value) => (of(name) as Histogram).observe(labels, value),
    contentType: registry.contentType,
    render: () => registry.metrics(),
  };
}

function instrument(name: MetricName, registry: Registry): Instrument {
  const { kind, labels, help } = METRICS[name];
  const options = { name, help, labelNames: [...labels], registers: [registry] };
  if (kind === 'counter') return new Counter(options);
  if (kind === 'gauge') return new Gauge(options);
  return new Histogram({ ...options, buckets: [...METRICS[name].buckets] });
}
