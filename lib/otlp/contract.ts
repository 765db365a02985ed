import { contract, ingest } from '@/lib/shared/contract'

const received = {
  method: 'POST',
  tag: 'OpenTelemetry',
  guard: ingest,
  raw: { accepts: ['application/x-protobuf', 'application/json'] },
} as const

export const receiveTraces = contract({
  ...received,
  path: '/v1/traces',
  summary: 'Take traces over OTLP/HTTP: protobuf or JSON, gzip or not',
})

export const receiveLangfuseTraces = contract({
  ...received,
  path: '/api/public/otel/v1/traces',
  summary: 'The same for Langfuse clients, whose base URL is this server',
})

export const receiveOtelTraces = contract({
  ...received,
  path: '/api/otel/v1/traces',
  summary: 'The same for clients that append /v1/traces to a base path',
})

export const receiveLogs = contract({
  ...received,
  path: '/v1/logs',
  summary: 'Take gen_ai events over OTLP/HTTP and join them to their spans',
})

export const receiveMetrics = contract({
  ...received,
  path: '/v1/metrics',
  summary: 'Read metrics over OTLP/HTTP and say that they are not stored',
})
