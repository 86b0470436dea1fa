import {
  Counter,
  type CounterConfiguration,
  collectDefaultMetrics,
  Gauge,
  type GaugeConfiguration,
  Histogram,
  type HistogramConfiguration,
  Registry,
} from 'prom-client';

/** The metrics of one process; what is made here is served at /metrics. */
export interface Metrics {
  readonly registry: Registry;
  counter<Label extends string = string>(options: CounterConfiguration<Label>): Counter<Label>;
  gauge<Label extends string = string>(options: GaugeConfiguration<Label>): Gauge<Label>;
  histogram<Label extends string = string>(options: HistogramConfiguration<Label>): Histogram<Label>;
}

/** How finely a held-up event loop is seen. The library's default wakes every process a hundred times a second, idle ones too. */
const EVENT_LOOP_MS = 200;

/** A registry of its own, with the process's memory, CPU and event loop in it. */
export function createMetrics(service: string): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: EVENT_LOOP_MS });
  const registers = [registry];
  return {
    registry,
    counter: (options) => new Counter({ ...options, registers }),
    gauge: (options) => new Gauge({ ...options, registers }),
    histogram: (options) => new Histogram({ ...options, registers }),
  };
}
