import autocannon from 'autocannon'
import { cpuOf, rssOf } from './measure'
import { BODY } from './run-case'

export type Load = { perSecond: number; cpuMs: number; p50: number; p99: number; rss: number; runs: number }

type Target = { pid: number; url: string }

export const CONNECTIONS = 8

export const load = async (target: Target, path: string, key: string, amount: number): Promise<Load> => {
  const before = cpuOf(target.pid)
  const began = performance.now()
  const result = await autocannon({
    url: `${target.url}${path}`,
    method: 'POST',
    body: BODY,
    connections: CONNECTIONS,
    amount,
    headers: { 'x-agent-daemon-key': key, 'content-type': 'application/json' },
  })
  const runs = result['2xx']
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${path}: ${result.non2xx} refused, ${result.errors} failed`)
  return {
    runs,
    perSecond: runs / ((performance.now() - began) / 1000),
    cpuMs: ((cpuOf(target.pid) - before) / runs) * 1000,
    p50: result.latency.p50,
    p99: result.latency.p99,
    rss: rssOf(target.pid),
  }
}

// The library alone, in a process that reads "<calls> <callers>" and answers with what it took.
type Told = { count: number; seconds: number; cpuSeconds: number; times: number[] }

export const percentile = (values: readonly number[], share: number): number =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0

export const readBare = (line: string, pid: number): Load => {
  const { count, seconds, cpuSeconds, times } = JSON.parse(line) as Told
  return {
    runs: count,
    perSecond: count / seconds,
    cpuMs: (cpuSeconds / count) * 1000,
    p50: percentile(times, 0.5),
    p99: percentile(times, 0.99),
    rss: rssOf(pid),
  }
}
