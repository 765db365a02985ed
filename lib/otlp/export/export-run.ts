import { isOutboundError, type OutboundReply, request } from '@/lib/core/http-client'
import { kernel } from '@/lib/core/kernel'
import { jobWrite } from '@/lib/core/outbox'
import type { Scope } from '@/lib/core/scope'
import type { CommandWrite } from '@/lib/core/writer'
import { readRunSpans } from '@/lib/tracing'
import manifest from '@/package.json'
import { exportBody } from './export-request'
import { exportTarget } from './export-target'

export const EXPORT_JOB = 'otlp.export'
const MAX_ATTEMPTS = 12
const TIMEOUT_MS = 10_000
const MAX_REPLY = 65_536

// The protocol names the answers after which a sender may come again; every other one is final.
const COME_AGAIN = new Set([408, 429, 502, 503, 504])

/** For the commit in which a run ends: who collects runs elsewhere hears of it, and the run waits for nobody. */
export const exportWrites = (traceId: string): CommandWrite[] =>
  exportTarget() === null
    ? []
    : [jobWrite({ kind: EXPORT_JOB, payload: { trace_id: traceId }, maxAttempts: MAX_ATTEMPTS }).write]

export type Exported = { verdict: 'sent' | 'again' | 'refused'; reason: string | null }

const SENT: Exported = { verdict: 'sent', reason: null }

// Full success is nothing at all, or an empty object; whatever else stands there says that spans were rejected.
const FULL = /^(?:\n\0|\s*\{\s*(?:"partialSuccess"\s*:\s*(?:\{\s*\}|null)\s*)?\}\s*)?$/

const judge = (scope: Scope, trace: string, { status, text }: OutboundReply): Exported => {
  if (status >= 200 && status < 300) {
    if (!FULL.test(text)) scope.log.warn('the collector rejected spans of a run', { trace })
    return SENT
  }
  const reason = `The collector answered ${status}`
  return { verdict: COME_AGAIN.has(status) ? 'again' : 'refused', reason }
}

const fail = (error: unknown): Exported => {
  if (!isOutboundError(error)) throw error
  const isFinal = error.fault === 'invalid_url' || error.fault === 'address_refused'
  return { verdict: isFinal ? 'refused' : 'again', reason: error.message }
}

/** One attempt to tell the collector of a run. Its ids are the run's own: told twice, it is still one trace. */
export const exportRun = async (scope: Scope, traceId: string, signal: AbortSignal): Promise<Exported> => {
  const target = exportTarget()
  if (target === null) return SENT
  const run = await readRunSpans(scope, traceId, target.hasTexts)
  if (run === null) return { verdict: 'refused', reason: 'There is no such run any more' }
  const { OTEL_SERVICE_NAME: service } = kernel().env
  const sender = { tenantId: scope.tenantId, service, version: manifest.version }
  return request({
    method: 'POST',
    url: target.url,
    body: exportBody(run, sender, target.isJson),
    headers: {
      'user-agent': `Clasper/${manifest.version}`,
      ...target.headers,
      'content-type': target.isJson ? 'application/json' : 'application/x-protobuf',
    },
    ...{ timeoutMs: TIMEOUT_MS, maxBytes: MAX_REPLY, cutsBody: true, signal },
  }).then((reply) => judge(scope, traceId, reply), fail)
}
