import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

export type Metrics = {
  registry: Registry
  requests: Counter<'method' | 'route' | 'status'>
  duration: Histogram<'method' | 'route'>
  rateLimited: Counter<'plane'>
  jobs: Counter<'kind' | 'outcome'>
  liveStreams: Gauge<'transport'>
}

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

export const createMetrics = (): Metrics => {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry, prefix: 'clasper_' })
  return {
    registry,
    requests: new Counter({
      name: 'clasper_http_requests_total',
      help: 'Answered requests',
      labelNames: ['method', 'route', 'status'],
      registers,
    }),
    duration: new Histogram({
      name: 'clasper_http_request_duration_seconds',
      help: 'Time to answer a request',
      labelNames: ['method', 'route'],
      buckets: SECONDS,
      registers,
    }),
    rateLimited: new Counter({
      name: 'clasper_rate_limited_total',
      help: 'Refused by the rate limit',
      labelNames: ['plane'],
      registers,
    }),
    jobs: new Counter({
      name: 'clasper_jobs_total',
      help: 'Finished job attempts',
      labelNames: ['kind', 'outcome'],
      registers,
    }),
    liveStreams: new Gauge({
      name: 'clasper_live_streams',
      help: 'Open live streams',
      labelNames: ['transport'],
      registers,
    }),
  }
}
