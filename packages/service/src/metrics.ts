import { collectDefaultMetrics, Registry } from 'prom-client';

/** The figures of this process, for Prometheus; a service adds its own. */
export function makeMetrics(): Registry {
  const metrics = new Registry();
  collectDefaultMetrics({ register: metrics });
  return metrics;
}
