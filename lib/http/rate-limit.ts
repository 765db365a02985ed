import { LRUCache } from 'lru-cache'
import { monotonicMs } from '@/lib/core/clock'
import { kernel } from '@/lib/core/kernel'

export type Allowance = { allowed: boolean; limit: number; remaining: number; resetSeconds: number }

type Bucket = { tokens: number; at: number }

const MAX_BUCKETS = 50_000
const MINUTE = 60_000

const buckets = () => kernel().slot('http.rate-limit', () => new LRUCache<string, Bucket>({ max: MAX_BUCKETS }))

const refilled = (bucket: Bucket | undefined, perMinute: number, now: number): number =>
  bucket ? Math.min(perMinute, bucket.tokens + ((now - bucket.at) * perMinute) / MINUTE) : perMinute

// A token bucket per identity: a minute's allowance at most, refilled all the time, so there is no edge to wait for.
export const take = (key: string, perMinute: number, cost = 1): Allowance => {
  const now = monotonicMs()
  const tokens = refilled(buckets().get(key), perMinute, now)
  const allowed = tokens >= cost
  const left = allowed ? tokens - cost : tokens
  buckets().set(key, { tokens: left, at: now })
  const missing = allowed ? perMinute - left : cost - left
  return {
    allowed,
    limit: perMinute,
    remaining: Math.floor(left),
    resetSeconds: Math.max(1, Math.ceil((missing * 60) / perMinute)),
  }
}

export const headersOf = (allowance: Allowance): Record<string, string> => ({
  'x-ratelimit-limit': String(allowance.limit),
  'x-ratelimit-remaining': String(allowance.remaining),
  'x-ratelimit-reset': String(allowance.resetSeconds),
})
