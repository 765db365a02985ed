import { kernel } from '@/lib/core/kernel'
import { take } from '@/lib/http/rate-limit'
import { Problem } from '@/lib/shared/problem'

// Spans that are being stored by this process. Who comes when there are too many is told to come again.
type Backlog = { spans: number }
const backlog = (): Backlog => kernel().slot<Backlog>('otlp.backlog', () => ({ spans: 0 }))

const AGAIN = { headers: { 'retry-after': '2' } }

export const withRoom = async <T>(spans: number, work: () => Promise<T>): Promise<T> => {
  const waiting = backlog()
  if (waiting.spans > 0 && waiting.spans + spans > kernel().env.OTLP_QUEUE_SPANS)
    throw new Problem('unavailable', 'Too many spans are being stored; try again.', undefined, AGAIN)
  waiting.spans += spans
  try {
    return await work()
  } finally {
    waiting.spans -= spans
  }
}

// Spans by the minute and tenant. A batch larger than the whole allowance takes all of it.
export const spendSpans = (tenantId: string, spans: number): void => {
  const perMinute = kernel().env.OTLP_RATE_SPANS_PER_MINUTE
  if (perMinute === 0 || spans === 0) return
  const allowance = take(`otlp ${tenantId}`, perMinute, Math.min(spans, perMinute))
  if (allowance.allowed) return
  const headers = { 'retry-after': String(allowance.resetSeconds) }
  throw new Problem('rate_limit_exceeded', `More than ${perMinute} spans per minute.`, undefined, { headers })
}
