import { listOf } from './decode-json'
import { jsonBody, undecodable } from './decode-traces'
import type { Encoding } from './envelope'
import { asRecord } from './json-text'
import { MetricsRequest } from './messages'
import { receiver, type Taken } from './receive'

const POINTS = ['gauge', 'sum', 'histogram', 'exponentialHistogram', 'summary']

const pointsIn = (metric: unknown): number =>
  POINTS.reduce((sum, kind) => sum + listOf(asRecord(asRecord(metric)?.[kind])?.['dataPoints']).length, 0)

const pointsOf = (groups: unknown): number =>
  listOf(groups)
    .flatMap((group) => listOf(asRecord(group)?.['scopeMetrics']))
    .flatMap((scope) => listOf(asRecord(scope)?.['metrics']))
    .reduce<number>((sum, metric) => sum + pointsIn(metric), 0)

const decodeMetrics = (bytes: Uint8Array, encoding: Encoding): number => {
  if (encoding === 'json') return pointsOf(jsonBody(bytes)['resourceMetrics'])
  try {
    return pointsOf(MetricsRequest.decode(bytes).resourceMetrics)
  } catch {
    throw undecodable('protobuf')
  }
}

const WHY = 'metrics are not stored: tokens, cost and times come from traces; turn the metrics exporter off'

const refuse = async (_: unknown, rejected: number): Promise<Taken> => ({
  rejected,
  message: rejected === 0 ? '' : WHY,
})

export const receiveMetrics = receiver('metrics', decodeMetrics, refuse)
