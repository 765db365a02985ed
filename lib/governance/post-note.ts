import { Problem } from '@/lib/shared/problem'
import { request } from '../core/http-client'
import { kernel } from '../core/kernel'

const TIMEOUT_MS = 10_000

export const postNote = async (target: string, note: string, signal: AbortSignal): Promise<void> => {
  const { status } = await request({
    method: 'POST',
    url: target,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'user-agent': 'clasper' },
    body: note,
    timeoutMs: TIMEOUT_MS,
    cutsBody: true,
    guard: 'public',
    allowPrivate: kernel().env.CLASPER_WEBHOOK_ALLOW_PRIVATE,
    signal,
  })
  if (status < 200 || status > 299) throw new Problem('unavailable', `The checkpoint webhook answered ${status}`)
}
